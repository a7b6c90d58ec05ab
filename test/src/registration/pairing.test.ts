import { beforeEach, describe, expect, it } from 'vitest';
import type { PairedCredentials } from '../../../src/protocol/api.ts';
import { ConflictError } from '../../../src/registration/errors.ts';
import { createRegistration, type Registration } from '../../../src/registration/registration.ts';
import { createMemoryStore, type MemoryStore } from './memoryStore.ts';
import { alice, northlight, southbank, told } from './people.ts';

let now: number;
let store: MemoryStore;
let registration: Registration;

beforeEach(async () => {
  now = 1_900_000_000_000;
  store = createMemoryStore();
  registration = createRegistration({ store, clock: () => now, publicUrl: 'https://help.example' });
  await store.addCentre(northlight);
  await store.addCentre(southbank);
  await store.addCustomer(northlight.id, alice);
});

const allow = { allow: true as const, name: 'Bedroom TV', customer: null };
const start = (more: object = {}) => registration.pairing.authorize({ model: 'X40', ...more });

async function poll(deviceCode: string, secondsLater = 5) {
  now += secondsLater * 1000;
  return await registration.pairing.poll(deviceCode);
}

async function pair(more: object = {}, answer: object = {}): Promise<PairedCredentials> {
  const { device_code: deviceCode, user_code: userCode } = await start(more);
  expect(await registration.pairing.answer(northlight.id, userCode, { ...allow, ...answer })).toBe(true);
  return (await poll(deviceCode)) as PairedCredentials;
}

describe('a TV without credentials', () => {
  it('[M3] gets a code to show and a code to ask with, as RFC 8628 has them', async () => {
    const codes = await start();
    expect(codes).toEqual({
      device_code: expect.stringMatching(/^[\w-]{43}$/) as string,
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/) as string,
      verification_uri: 'https://help.example/pair',
      verification_uri_complete: `https://help.example/pair?code=${codes.user_code}`,
      expires_in: 600,
      interval: 5,
    });
  });

  it('[M3] waits until an agent confirms, then has credentials that register it with the agent’s centre', async () => {
    const { device_code: deviceCode, user_code: userCode } = await start({ serial: 'NEW-1' });
    expect(await poll(deviceCode)).toEqual({ error: 'authorization_pending' });
    expect(await registration.pairing.pending(northlight.id, userCode)).toEqual({
      userCode,
      model: 'X40',
      serial: 'NEW-1',
      replaces: null,
      expiresAt: now - 5000 + 600_000,
    });
    expect(await registration.pairing.answer(northlight.id, userCode, allow)).toBe(true);
    const credentials = (await poll(deviceCode)) as PairedCredentials;
    expect(credentials.serial).toBe('NEW-1');
    const tv = await registration.registerTv({ kind: 'secret', ...credentials }, told, '192.0.2.7');
    expect([tv.centre, tv.name]).toEqual([northlight, 'Bedroom TV']);
  });

  it('[M3] gets its credentials once', async () => {
    const { device_code: deviceCode, user_code: userCode } = await start();
    await registration.pairing.answer(northlight.id, userCode, allow);
    now += 5000;
    const answers = await Promise.all([1, 2, 3, 4].map(() => registration.pairing.poll(deviceCode)));
    expect(answers.filter((answer) => 'secret' in answer)).toHaveLength(1);
    expect(await poll(deviceCode, 60)).toEqual({ error: 'invalid_grant' });
  });

  it('[M3] is told to slow down when it asks too soon, and the interval stays longer', async () => {
    const { device_code: deviceCode } = await start();
    expect(await poll(deviceCode, 0)).toEqual({ error: 'authorization_pending' });
    expect(await poll(deviceCode, 4)).toEqual({ error: 'slow_down' });
    expect(await poll(deviceCode, 9)).toEqual({ error: 'slow_down' });
    expect(await poll(deviceCode, 15)).toEqual({ error: 'authorization_pending' });
  });

  it('[M3] is told when it was denied, when the time is up, and when nobody knows its code', async () => {
    const denied = await start();
    expect(await registration.pairing.answer(northlight.id, denied.user_code, { allow: false })).toBe(true);
    expect(await poll(denied.device_code)).toEqual({ error: 'access_denied' });
    const late = await start();
    expect(await poll(late.device_code, 600)).toEqual({ error: 'expired_token' });
    expect(await poll('nobody’s device code')).toEqual({ error: 'invalid_grant' });
  });

  it('[M3] cannot claim what was confirmed in time but asked for too late', async () => {
    const { device_code: deviceCode, user_code: userCode } = await start();
    await registration.pairing.answer(northlight.id, userCode, allow);
    expect(await poll(deviceCode, 600)).toEqual({ error: 'expired_token' });
  });

  it('[M3] old codes are forgotten when new ones are asked for', async () => {
    const { device_code: deviceCode } = await start();
    now += 20 * 60 * 1000 + 1;
    await start();
    expect(await poll(deviceCode)).toEqual({ error: 'invalid_grant' });
  });
});

describe('an agent who confirms', () => {
  it('[M3] may type the code as it comes', async () => {
    const { user_code: userCode } = await start();
    const typed = ` ${userCode.toLowerCase().replace('-', ' ')} `;
    expect(await registration.pairing.pending(northlight.id, typed)).toMatchObject({ userCode });
    for (const wrong of ['', 'AEIO-UAEI', `${userCode}B`, 'B'.repeat(1000)]) {
      expect(await registration.pairing.pending(northlight.id, wrong)).toBeNull();
      expect(await registration.pairing.answer(northlight.id, wrong, allow)).toBe(false);
    }
  });

  it('[M3] is the only one: a code is answered once', async () => {
    const { user_code: userCode, device_code: deviceCode } = await start({ serial: 'NEW-1' });
    const answers = await Promise.all([
      registration.pairing.answer(northlight.id, userCode, allow),
      registration.pairing.answer(southbank.id, userCode, allow),
    ]);
    expect(answers).toEqual([true, false]);
    await poll(deviceCode);
    expect((await store.findTvsBySerial('NEW-1')).map((tv) => tv.centre)).toEqual([northlight]);
  });

  it('[M24] says whose TV it is, by reference or by name alone', async () => {
    const known = await pair({ serial: 'NEW-1' }, { customer: { name: 'Alice Ward', reference: alice.reference } });
    const unknown = await pair({ serial: 'NEW-2' }, { customer: { name: 'Bob' } });
    const customerOf = async ({ serial }: PairedCredentials) => (await store.findTvsBySerial(serial))[0]?.customer;
    expect(await customerOf(known)).toEqual(alice);
    expect(await customerOf(unknown)).toMatchObject({ name: 'Bob', address: null, number: null });
  });

  it('[M3] makes a TV up to be known when it told no serial, each its own', async () => {
    const [one, two] = [await pair(), await pair()];
    expect(one.serial).not.toBe(two.serial);
  });

  it('[M3] pairs a TV anew that lost its credentials: the old ones are over, and its connections are told', async () => {
    const revoked: string[] = [];
    registration.onRevoked((id) => revoked.push(id));
    const old = await pair({ serial: 'NEW-1' });
    expect(revoked).toEqual([]);
    const before = await registration.registerTv({ kind: 'secret', ...old }, told, '192.0.2.7');
    const fresh = await pair({ serial: 'NEW-1' });
    const after = await registration.registerTv({ kind: 'secret', ...fresh }, told, '192.0.2.7');
    expect(after.tvId).toBe(before.tvId);
    expect(revoked).toEqual([before.tvId]);
    for (const credentials of [
      { kind: 'secret' as const, ...old },
      { kind: 'session' as const, token: before.session.token },
    ]) {
      await expect(registration.registerTv(credentials, told, '192.0.2.7')).rejects.toThrow('not accepted');
    }
  });

  it('[M3] sees before answering which TV of the own centre loses its credentials', async () => {
    await pair({ serial: 'NEW-1' }, { customer: { name: 'Alice Ward', reference: alice.reference } });
    await pair({ serial: 'NEW-2' });
    const replaced = async (centreId: string, more: object) =>
      (await registration.pairing.pending(centreId, (await start(more)).user_code))?.replaces;
    expect(await replaced(northlight.id, { serial: 'NEW-1' })).toEqual({
      name: 'Bedroom TV',
      customerName: 'Alice Ward',
    });
    expect(await replaced(northlight.id, { serial: 'NEW-2' })).toEqual({ name: 'Bedroom TV', customerName: null });
    expect(await replaced(northlight.id, {})).toBeNull();
    // The names in other centres' books are nobody's business here.
    expect(await replaced(southbank.id, { serial: 'NEW-1' })).toBeNull();
  });

  it('[M3] is kept from handing a connected TV’s identity to another one', async () => {
    const credentials = await pair({ serial: 'NEW-1' });
    const { tvId } = await registration.registerTv({ kind: 'secret', ...credentials }, told, '192.0.2.7');
    await registration.setTvConnected(tvId, true, now);
    const { user_code: userCode } = await start({ serial: 'NEW-1' });
    await expect(registration.pairing.answer(northlight.id, userCode, allow)).rejects.toThrow(ConflictError);
    // Another centre's TV of that serial is nobody's business here.
    expect(await registration.pairing.answer(southbank.id, userCode, allow)).toBe(true);
  });
});
