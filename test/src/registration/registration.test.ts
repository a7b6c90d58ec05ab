import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentAuthenticator } from '../../../src/registration/authenticator.ts';
import { ConflictError, UnauthorizedError } from '../../../src/registration/errors.ts';
import { createRegistration, type Registration } from '../../../src/registration/registration.ts';
import { hashToken } from '../../../src/registration/tokens.ts';
import { createMemoryStore, type MemoryStore } from './memoryStore.ts';
import { alice, northlight, sam, southbank, told } from './people.ts';

const DAY = 24 * 60 * 60 * 1000;
const publicUrl = 'http://localhost:8080';

let now: number;
let store: MemoryStore;
let registration: Registration;
let secret: string;

beforeEach(async () => {
  now = 1_900_000_000_000;
  store = createMemoryStore();
  registration = createRegistration({ store, clock: () => now, publicUrl });
  await store.addCentre(northlight);
  await store.addCentre(southbank);
  await store.addCustomer(northlight.id, alice);
  ({ secret } = await registration.provisionTv(northlight.id, { serial: 'SER-1', name: 'Living room TV' }));
  store.asked.length = 0;
});

const bySecret = (serial = 'SER-1', tried = secret) => ({ kind: 'secret' as const, serial, secret: tried });
const bySession = (token: string) => ({ kind: 'session' as const, token });
const customerOf = async (tvId: string) => (await store.findTv(northlight.id, tvId))?.customer;
const register = (more: object = {}) => registration.registerTv(bySecret(), { ...told, ...more }, '192.0.2.7');

describe('a TV registers', () => {
  it('[M1] with serial and secret, and is known by what it told', async () => {
    const tv = await register();
    expect(tv).toMatchObject({
      centre: northlight,
      name: 'Living room TV',
      session: { expiresAt: now + 90 * DAY },
    });
    expect(await store.findTv(northlight.id, tv.tvId)).toMatchObject({
      told,
      remoteAddress: '192.0.2.7',
      customer: alice,
    });
  });

  it('[M3] is told the same about an unknown serial, a wrong secret and a session that is none', async () => {
    const tries = [bySecret('SER-2'), bySecret('SER-1', 'x'.repeat(43)), bySession('x'.repeat(43))];
    const errors = await Promise.all(
      tries.map((one) => registration.registerTv(one, told, '192.0.2.7').catch((error: Error) => error)),
    );
    for (const error of errors) {
      expect(error).toBeInstanceOf(UnauthorizedError);
      expect((error as Error).message).toBe((errors[0] as Error).message);
    }
  });

  it('[M3] asks the store the same for an unknown serial as for a wrong secret', async () => {
    await registration.registerTv(bySecret('SER-2'), told, '192.0.2.7').catch(() => {});
    const unknown = store.asked.splice(0);
    await registration.registerTv(bySecret('SER-1', 'x'.repeat(43)), told, '192.0.2.7').catch(() => {});
    expect(store.asked).toEqual(unknown);
  });

  it('[M3] the secret decides the contact centre where two have TVs of one serial', async () => {
    const other = await registration.provisionTv(southbank.id, { serial: 'SER-1', name: 'Ward 3' });
    const there = await registration.registerTv(bySecret('SER-1', other.secret), told, '192.0.2.8');
    expect([there.centre, there.name]).toEqual([southbank, 'Ward 3']);
    expect((await register()).centre).toEqual(northlight);
  });

  it('[M24] keeps the secret and the session token only as hashes', async () => {
    const { session, tvId } = await register();
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(session.token).toMatch(/^[\w-]{43}$/);
    const kept = (await store.findTv(northlight.id, tvId))?.secretHash;
    expect(kept).toEqual(hashToken(secret));
    expect([...store.sessions.keys()]).toEqual([hashToken(session.token).toString('hex')]);
  });

  it('[M24] fills a customer’s record only with what was told', async () => {
    const { tvId } = await register({
      user: { reference: alice.reference, name: 'Alice W.', address: '2 Mill Lane', number: null },
    });
    expect(await customerOf(tvId)).toEqual({ ...alice, name: 'Alice W.', address: '2 Mill Lane' });
  });

  it('[M24] makes a customer of a user nobody knew, and keeps the customer when none is told', async () => {
    const { tvId } = await register({ user: { reference: 'NL-99', name: 'Bob', address: null, number: null } });
    const first = await customerOf(tvId);
    expect(first).toMatchObject({ reference: 'NL-99', name: 'Bob', address: null, number: null });
    await register({ user: null });
    expect(await customerOf(tvId)).toEqual(first);
  });
});

describe('a TV comes back', () => {
  it('[M3] with its session: no new one, and a single read when nothing is new', async () => {
    const first = await register();
    store.asked.length = 0;
    const again = await registration.registerTv(bySession(first.session.token), told, '192.0.2.7');
    expect(again).toEqual(first);
    expect(store.asked).toEqual(['findTvBySession']);
    expect(store.sessions.size).toBe(1);
  });

  it('[M1] what is new is kept in one write', async () => {
    const { session, tvId } = await register();
    store.asked.length = 0;
    await registration.registerTv(bySession(session.token), { ...told, firmware: '4.3.0' }, '192.0.2.9');
    expect(store.asked).toEqual(['findTvBySession', 'recordTvTold']);
    expect(await store.findTv(northlight.id, tvId)).toMatchObject({
      told: { firmware: '4.3.0' },
      remoteAddress: '192.0.2.9',
    });
  });

  it('[M3] moves the end of its session on at most once a day', async () => {
    const { session } = await register();
    const comeBack = async () =>
      (await registration.registerTv(bySession(session.token), told, '192.0.2.7')).session.expiresAt;
    now += DAY;
    expect(await comeBack()).toBe(session.expiresAt);
    now += 1;
    expect(await comeBack()).toBe(now + 90 * DAY);
    store.asked.length = 0;
    now += 1;
    await comeBack();
    expect(store.asked).not.toContain('slideSession');
  });

  it('[M3] not after the session’s end', async () => {
    const { session } = await register();
    now = session.expiresAt;
    await expect(registration.registerTv(bySession(session.token), told, '192.0.2.7')).rejects.toThrow(
      UnauthorizedError,
    );
  });
});

describe('TVs of a centre', () => {
  it('[M3] get another secret, which ends the old one and its sessions, in their own centre alone', async () => {
    const revoked = vi.fn();
    registration.onRevoked(revoked);
    const { session, tvId } = await register();
    expect(await registration.renewTvSecret(southbank.id, 'SER-1')).toBeNull();
    const renewed = await registration.renewTvSecret(northlight.id, 'SER-1');
    expect(revoked).toHaveBeenCalledExactlyOnceWith(tvId, new Set());
    for (const old of [bySecret(), bySession(session.token)]) {
      await expect(registration.registerTv(old, told, '192.0.2.7')).rejects.toThrow(UnauthorizedError);
    }
    const { tvId: same } = await registration.registerTv(bySecret('SER-1', renewed?.secret), told, '192.0.2.7');
    expect(same).toBe(tvId);
  });

  it('[M24] are provisioned once a serial, with a secret of some length', async () => {
    const provision = (serial: string, more: object = {}) =>
      registration.provisionTv(northlight.id, { serial, name: 'TV', ...more });
    await expect(provision('SER-1')).rejects.toThrow(ConflictError);
    await expect(provision('SER-2', { secret: 'short' })).rejects.toThrow(RangeError);
    expect(await provision('SER-2', { secret: 'made at the factory' })).toEqual({
      serial: 'SER-2',
      secret: 'made at the factory',
    });
  });
});

describe('an agent', () => {
  const device = { device: 'Desk 4', appVersion: '1.0' };

  beforeEach(async () => {
    await registration.addAgent(northlight.id, sam);
  });

  it('[M2] signs in and registers a computer', async () => {
    const { token, expiresAt, me } = await registration.signIn('sam@northlight.example', sam.password);
    const { email, name, roles } = sam;
    expect(me).toEqual({ agentId: me.agentId, name, email, roles, centre: northlight });
    expect(await registration.me(token)).toEqual(me);
    expect(await registration.registerAgent(token, device)).toEqual({
      centre: northlight,
      agentId: me.agentId,
      name,
      email,
      roles,
      skills: sam.skills,
      capacity: 2,
      customersLookedAfter: [alice.id],
      sessionExpiresAt: expiresAt,
      sessionKey: expect.any(String) as string,
    });
    expect(store.agentsTold.get(me.agentId)).toEqual(device);
  });

  it('[M2] is told the same about an unknown address and a wrong password', async () => {
    const unknown = await registration.signIn('bob@northlight.example', sam.password).catch((error: Error) => error);
    const wrong = await registration.signIn(sam.email, 'something else').catch((error: Error) => error);
    expect(unknown).toBeInstanceOf(UnauthorizedError);
    expect(wrong).toEqual(unknown);
  });

  it('[M2] an empty password is nobody’s', async () => {
    await expect(registration.signIn('bob@northlight.example', '')).rejects.toThrow(UnauthorizedError);
  });

  it('[M2] a TV’s session is not an agent’s', async () => {
    const { session } = await register();
    await expect(registration.registerAgent(session.token, device)).rejects.toThrow(UnauthorizedError);
    expect(await registration.me(session.token)).toBeNull();
  });

  it('[M2] is out after the session’s end', async () => {
    const { token, expiresAt } = await registration.signIn(sam.email, sam.password);
    now = expiresAt;
    expect(await registration.me(token)).toBeNull();
    await expect(registration.registerAgent(token, device)).rejects.toThrow(UnauthorizedError);
  });

  it('[M2] signing out ends this session and its connections, and no other', async () => {
    const desk = await registration.signIn(sam.email, sam.password);
    const home = await registration.signIn(sam.email, sam.password);
    const { sessionKey } = await registration.registerAgent(home.token, device);
    const revoked = vi.fn();
    registration.onRevoked(revoked);
    await registration.signOut(desk.token);
    expect(await registration.me(desk.token)).toBeNull();
    expect(await registration.me(home.token)).toEqual(home.me);
    expect(revoked).toHaveBeenCalledExactlyOnceWith(home.me.agentId, new Set([sessionKey]));
    await registration.signOut(desk.token);
    expect(revoked).toHaveBeenCalledTimes(1);
    await registration.signOut(home.token);
    expect(revoked).toHaveBeenLastCalledWith(home.me.agentId, new Set());
  });

  it('[M3] revoking ends every session at once and tells every listener', async () => {
    const heard: string[] = [];
    const desk = await registration.signIn(sam.email, sam.password);
    const home = await registration.signIn(sam.email, sam.password);
    registration.onRevoked((id) => heard.push(`a ${id}`));
    registration.onRevoked((id) => heard.push(`b ${id}`));
    await registration.revokeSessions(desk.me.agentId);
    expect(await registration.me(desk.token)).toBeNull();
    expect(await registration.me(home.token)).toBeNull();
    expect(heard).toEqual([`a ${desk.me.agentId}`, `b ${desk.me.agentId}`]);
  });

  it('[M3] revoked by another process is told of here, with the sessions of who came back meanwhile', async () => {
    const { me, token } = await registration.signIn(sam.email, sam.password);
    const { sessionKey: sams } = await registration.registerAgent(token, device);
    const { tvId, sessionKey } = await register();
    const live = new Map<string, string[]>();
    registration.onRevoked((id, keys) => live.set(id, [...keys]));
    await registration.recheckSessions([me.agentId, tvId]);
    expect(live).toEqual(
      new Map([
        [me.agentId, [sams]],
        [tvId, [sessionKey]],
      ]),
    );
    await store.revokeSessions(me.agentId, now);
    await store.revokeSessions(tvId, now);
    const { sessionKey: back } = await register();
    const { revocations } = registration;
    await registration.recheckSessions([me.agentId, tvId]);
    expect(live).toEqual(
      new Map([
        [me.agentId, []],
        [tvId, [back]],
      ]),
    );
    expect(registration.revocations).toBeGreaterThan(revocations);
  });

  it('[M2] who signs in on one computer too many loses the session of the first, and its connections', async () => {
    const first = await registration.signIn(sam.email, sam.password);
    const { sessionKey, agentId } = await registration.registerAgent(first.token, device);
    let live: ReadonlySet<string> = new Set();
    registration.onRevoked((id, keys) => (live = id === agentId ? keys : live));
    for (let n = 0; n < 7; n += 1) {
      now += 1;
      await registration.signIn(sam.email, sam.password);
    }
    expect(live).toContain(sessionKey);
    now += 1;
    await registration.signIn(sam.email, sam.password);
    expect(live.size).toBe(8);
    expect(live).not.toContain(sessionKey);
  });

  it('[M2] with another password is out everywhere, and comes back with the new one alone', async () => {
    const revoked = vi.fn();
    const { token, me } = await registration.signIn(sam.email, sam.password);
    registration.onRevoked(revoked);
    expect(await registration.setPassword(sam.email.toUpperCase(), 'a swim in the cold sea')).toBe(true);
    expect(revoked).toHaveBeenCalledExactlyOnceWith(me.agentId, new Set());
    expect(await registration.me(token)).toBeNull();
    await expect(registration.signIn(sam.email, sam.password)).rejects.toThrow(UnauthorizedError);
    expect((await registration.signIn(sam.email, 'a swim in the cold sea')).me).toEqual(me);
    expect(await registration.setPassword('bob@northlight.example', 'a swim in the cold sea')).toBe(false);
  });

  it('[M24] has an e-mail address nobody else has', async () => {
    await expect(registration.addAgent(southbank.id, { ...sam, email: sam.email.toUpperCase() })).rejects.toThrow(
      ConflictError,
    );
  });

  it('[M2] may prove who they are in another way', async () => {
    const authenticator: AgentAuthenticator = {
      authenticate: async ({ email }) => (email === 'by card' ? store.findAgentByEmail(sam.email) : null),
    };
    const other = createRegistration({ store, clock: () => now, publicUrl, authenticator });
    expect((await other.signIn('by card', '')).me.name).toBe(sam.name);
    await expect(other.signIn(sam.email, sam.password)).rejects.toThrow(UnauthorizedError);
  });
});
