/** One suite over the store in memory and the store in Postgres: what the first does in tests, the second does for real. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertCentre } from '../../db/queries/insertCentre.ts';
import { insertCustomer } from '../../db/queries/insertCustomer.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import type { Centre, Customer, NewPairing, RegistrationStore } from '../../src/registration/ports.ts';
import { createMemoryStore } from '../src/registration/memoryStore.ts';
import { alice, northlight, someHash, southbank, told } from '../src/registration/people.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';

interface Place {
  store: RegistrationStore;
  addCentre(centre: Centre): Promise<void>;
  addCustomer(centreId: string, customer: Customer): Promise<void>;
}

let postgres: FreshDatabase;
beforeAll(async () => {
  postgres = await freshDatabase();
});
afterAll(() => postgres.drop());

const places: [string, () => Promise<Place>][] = [
  [
    'in memory',
    async () => {
      const store = createMemoryStore();
      return { store, addCentre: store.addCentre, addCustomer: store.addCustomer };
    },
  ],
  [
    'in Postgres',
    async () => {
      await postgres.database.query('truncate centres cascade; truncate sessions; truncate pairings');
      return {
        store: createRegistrationStore(postgres.database),
        addCentre: async (centre) => void (await insertCentre(postgres.database, centre)),
        addCustomer: (centreId, customer) => insertCustomer(postgres.database, centreId, customer),
      };
    },
  ],
];

const hash = (text: string) => createHash('sha256').update(text).digest();
const NOW = 1_900_000_000_000;

const livingRoom = {
  id: 'tv-1',
  centreId: northlight.id,
  serial: 'SER-1',
  secretHash: hash('secret 1'),
  name: 'Living room TV',
  customerId: alice.id,
};

const samKept = {
  id: 'sam',
  centreId: northlight.id,
  email: 'Sam@northlight.example',
  name: 'Sam Okafor',
  passwordHash: someHash,
  roles: ['agent' as const],
  skills: ['set-top-boxes'],
  customersLookedAfter: [alice.id],
  capacity: 2,
};

const session = (token: string, more: object = {}) => ({
  tokenHash: hash(token),
  centreId: northlight.id,
  kind: 'tv' as const,
  subjectId: livingRoom.id,
  createdAt: NOW,
  expiresAt: NOW + 1000,
  ...more,
});

const pairing = (more: Partial<NewPairing> = {}): NewPairing => ({
  deviceCodeHash: hash('device'),
  userCode: 'BCDFGHJK',
  model: 'X40',
  serial: 'NEW-1',
  intervalS: 5,
  expiresAt: NOW + 600_000,
  ...more,
});

const confirmation = { centreId: northlight.id, name: 'Bedroom TV', customer: null };
const claimer = (id: string) => ({ id, serial: `made-up-${id}`, secretHash: hash(`secret of ${id}`) });

describe.each(places)('registration store %s', (_name, make) => {
  let store: RegistrationStore;

  beforeEach(async () => {
    const place = await make();
    ({ store } = place);
    await place.addCentre(northlight);
    await place.addCentre(southbank);
    await place.addCustomer(northlight.id, alice);
    await store.insertTv(livingRoom);
    await store.insertAgent(samKept);
  });

  it('[M1] finds a TV by its serial, with its centre and customer', async () => {
    expect(await store.findTvsBySerial('SER-1')).toEqual([
      {
        id: 'tv-1',
        centre: northlight,
        serial: 'SER-1',
        secretHash: livingRoom.secretHash,
        name: 'Living room TV',
        customer: alice,
        told: null,
        remoteAddress: null,
        connected: false,
      },
    ]);
    expect(await store.findTvsBySerial('ser-1')).toEqual([]);
  });

  it('[M3] takes a serial once a centre, and again in another', async () => {
    expect(await store.insertTv({ ...livingRoom, id: 'tv-2' })).toBe(false);
    expect(await store.insertTv({ ...livingRoom, id: 'tv-3', centreId: southbank.id })).toBe(true);
    const found = await store.findTvsBySerial('SER-1');
    expect(found.map((tv) => [tv.id, tv.centre.id, tv.customer?.id ?? null]).sort()).toEqual([
      ['tv-1', 'northlight', 'alice'],
      // Alice is a customer of the other centre: this one does not see her.
      ['tv-3', 'southbank', null],
    ]);
  });

  it('[M24] shows a TV to its own centre alone', async () => {
    expect((await store.findTv(northlight.id, 'tv-1'))?.name).toBe('Living room TV');
    expect(await store.findTv(southbank.id, 'tv-1')).toBeNull();
  });

  it('[M1] keeps what a TV told', async () => {
    const customer = await store.recordTvTold(northlight.id, 'tv-1', {
      told,
      remoteAddress: '192.0.2.7',
      customer: null,
      at: NOW,
    });
    expect(customer).toBeNull();
    expect(await store.findTv(northlight.id, 'tv-1')).toMatchObject({
      told,
      remoteAddress: '192.0.2.7',
      customer: alice,
    });
  });

  it('[M24] does not let one centre write to the TV of another', async () => {
    await store.recordTvTold(southbank.id, 'tv-1', { told, remoteAddress: '192.0.2.7', customer: null, at: NOW });
    expect((await store.findTv(northlight.id, 'tv-1'))?.told).toBeNull();
  });

  it('[M24] updates a known customer where something was told, and keeps the rest', async () => {
    const news = {
      id: 'another-id',
      reference: alice.reference,
      name: 'Alice Ward-Hill',
      address: null,
      number: '+44 1',
    };
    const customer = await store.recordTvTold(northlight.id, 'tv-1', {
      told,
      remoteAddress: '192.0.2.7',
      customer: news,
      at: NOW,
    });
    expect(customer).toEqual({ ...alice, name: 'Alice Ward-Hill', number: '+44 1' });
    expect((await store.findTv(northlight.id, 'tv-1'))?.customer).toEqual(customer);
  });

  it('[M24] makes a new customer the TV’s own, each centre its own by the same reference', async () => {
    await store.insertTv({ ...livingRoom, id: 'tv-3', centreId: southbank.id, customerId: null });
    const customer = await store.recordTvTold(southbank.id, 'tv-3', {
      told,
      remoteAddress: '192.0.2.7',
      customer: { id: 'bob', reference: alice.reference, name: 'Bob', address: null, number: null },
      at: NOW,
    });
    expect(customer?.id).toBe('bob');
    expect((await store.findTv(southbank.id, 'tv-3'))?.customer?.name).toBe('Bob');
    expect((await store.findTv(northlight.id, 'tv-1'))?.customer).toEqual(alice);
  });

  it('[M3] knows whether a TV is connected, and forgets it for all at a start', async () => {
    await store.setTvConnected('tv-1', true, NOW);
    expect((await store.findTv(northlight.id, 'tv-1'))?.connected).toBe(true);
    await store.disconnectTvs();
    expect((await store.findTv(northlight.id, 'tv-1'))?.connected).toBe(false);
  });

  it('[M4] keeps the last word on a TV that comes and goes at once, and leaves the others as they are', async () => {
    await store.insertTv({ ...livingRoom, id: 'tv-9', serial: 'SER-9', customerId: null });
    await Promise.all([
      store.setTvConnected('tv-1', true, NOW),
      store.setTvConnected('nobody', true, NOW),
      store.setTvConnected('tv-1', false, NOW + 1),
      store.setTvConnected('tv-9', true, NOW + 1),
    ]);
    expect((await store.findTv(northlight.id, 'tv-1'))?.connected).toBe(false);
    expect((await store.findTv(northlight.id, 'tv-9'))?.connected).toBe(true);
  });

  it('[M2] finds an agent by e-mail without case, and takes an address once', async () => {
    const { centreId: _, ...kept } = samKept;
    expect(await store.findAgentByEmail('sam@NORTHLIGHT.example')).toEqual({ ...kept, centre: northlight });
    expect(await store.findAgentByEmail('bob@northlight.example')).toBeNull();
    const again = { ...samKept, id: 'other', centreId: southbank.id, email: 'SAM@northlight.example' };
    expect(await store.insertAgent(again)).toBe(false);
  });

  it('[M3] a session is its subject’s until its end, and of its own kind alone', async () => {
    await store.insertSession(session('one'), 8);
    expect(await store.findTvBySession(hash('one'), NOW)).toMatchObject({ tv: { id: 'tv-1' }, expiresAt: NOW + 1000 });
    expect(await store.findTvBySession(hash('one'), NOW + 1000)).toBeNull();
    expect(await store.findTvBySession(hash('two'), NOW)).toBeNull();
    expect(await store.findAgentBySession(hash('one'), NOW)).toBeNull();
    await store.insertSession(session('of sam', { kind: 'agent', subjectId: 'sam' }), 8);
    expect((await store.findAgentBySession(hash('of sam'), NOW))?.agent.name).toBe('Sam Okafor');
    expect(await store.findTvBySession(hash('of sam'), NOW)).toBeNull();
  });

  it('[M4] finds many sessions that are asked for at once, each its own', async () => {
    await store.insertSession(session('one'), 8);
    await store.insertSession(session('over', { expiresAt: NOW - 1 }), 8);
    await store.insertSession(session('of sam', { kind: 'agent', subjectId: 'sam' }), 8);
    const names = ['unknown', 'one', 'of sam', 'over', 'one'];
    const found = await Promise.all(names.map((name) => store.findTvBySession(hash(name), NOW)));
    expect(found.map((one) => one?.tv.id ?? null)).toEqual([null, 'tv-1', null, null, 'tv-1']);
  });

  it('[M3] moves the end of a session on, but not of a revoked one', async () => {
    await store.insertSession(session('one'), 8);
    await store.slideSession(hash('one'), NOW + 5000);
    expect((await store.findTvBySession(hash('one'), NOW + 4999))?.expiresAt).toBe(NOW + 5000);
    await store.revokeSession(hash('one'), NOW);
    await store.slideSession(hash('one'), NOW + 9000);
    expect(await store.findTvBySession(hash('one'), NOW)).toBeNull();
  });

  it('[M3] keeps the newest sessions of a subject, and forgets those that are over', async () => {
    for (const [n, token] of ['one', 'two', 'three', 'four'].entries()) {
      await store.insertSession(session(token, { createdAt: NOW + n }), 3);
    }
    const live = async (token: string) => (await store.findTvBySession(hash(token), NOW + 10)) !== null;
    expect(await Promise.all(['one', 'two', 'three', 'four'].map(live))).toEqual([false, true, true, true]);
    await store.insertSession(session('five', { createdAt: NOW + 2000, expiresAt: NOW + 9000 }), 3);
    expect(await store.revokeSession(hash('five'), NOW + 2000)).toBe('tv-1');
  });

  it('[M3] revokes one session, telling whose it was, and only once', async () => {
    await store.insertSession(session('one'), 8);
    await store.insertSession(session('two'), 8);
    expect(await store.revokeSession(hash('one'), NOW)).toBe('tv-1');
    expect(await store.revokeSession(hash('one'), NOW)).toBeNull();
    expect(await store.revokeSession(hash('two'), NOW + 1000)).toBeNull();
    expect(await store.findTvBySession(hash('one'), NOW)).toBeNull();
    expect(await store.findTvBySession(hash('two'), NOW)).not.toBeNull();
  });

  it('[M3] revokes all sessions of one subject and nobody else’s', async () => {
    await store.insertSession(session('one'), 8);
    await store.insertSession(session('two'), 8);
    await store.insertSession(session('of sam', { kind: 'agent', subjectId: 'sam' }), 8);
    await store.revokeSessions('tv-1', NOW);
    expect(await store.findTvBySession(hash('one'), NOW)).toBeNull();
    expect(await store.findTvBySession(hash('two'), NOW)).toBeNull();
    expect(await store.findAgentBySession(hash('of sam'), NOW)).not.toBeNull();
  });

  it('[M3] knows which sessions are live', async () => {
    await store.insertSession(session('one'), 8);
    await store.insertSession(session('two'), 8);
    await store.insertSession(session('of sam', { kind: 'agent', subjectId: 'sam' }), 8);
    const live = async (now: number) => {
      const all = await store.listSessions(['tv-1', 'sam', 'nobody'], now);
      return all.map(({ subjectId, tokenHash }) => `${subjectId} ${tokenHash.toString('hex')}`).toSorted();
    };
    const [one, two, sams] = ['one', 'two', 'of sam'].map((token) => hash(token).toString('hex'));
    expect(await live(NOW)).toEqual([`sam ${sams}`, `tv-1 ${one}`, `tv-1 ${two}`].toSorted());
    await store.revokeSession(hash('one'), NOW);
    expect(await live(NOW)).toEqual([`sam ${sams}`, `tv-1 ${two}`]);
    await store.revokeSession(hash('two'), NOW);
    expect(await live(NOW)).toEqual([`sam ${sams}`]);
    expect(await live(NOW + 1000)).toEqual([]);
  });

  it('[M3] other credentials end the sessions of the old, in their own centre', async () => {
    await store.insertSession(session('one'), 8);
    await store.insertSession(session('of sam', { kind: 'agent', subjectId: 'sam' }), 8);
    await store.setPassword({ centreId: northlight.id, id: 'sam', passwordHash: 'another' }, NOW);
    await store.setTvSecret({ centreId: northlight.id, id: 'tv-1', secretHash: hash('another') }, NOW);
    expect(await store.listSessions(['tv-1', 'sam'], NOW)).toEqual([]);
    await store.setPassword({ centreId: southbank.id, id: 'sam', passwordHash: 'a third' }, NOW);
    await store.setTvSecret({ centreId: southbank.id, id: 'tv-1', secretHash: hash('a third') }, NOW);
    expect((await store.findAgentByEmail(samKept.email))?.passwordHash).toBe('another');
    expect((await store.findTv(northlight.id, 'tv-1'))?.secretHash).toEqual(hash('another'));
  });

  it('[M3] a pairing is pending until it is answered, once, in time', async () => {
    expect(await store.insertPairing(pairing())).toBe(true);
    expect(await store.insertPairing(pairing({ deviceCodeHash: hash('other') }))).toBe(false);
    const pending = { model: 'X40', serial: 'NEW-1', expiresAt: NOW + 600_000 };
    expect(await store.findPendingPairing('BCDFGHJK', NOW)).toEqual(pending);
    expect(await store.findPendingPairing('BCDFGHJK', NOW + 600_000)).toBeNull();
    expect(await store.confirmPairing('BCDFGHJK', confirmation, NOW + 600_000)).toBe(false);
    expect(await store.confirmPairing('BCDFGHJK', confirmation, NOW)).toBe(true);
    expect(await store.confirmPairing('BCDFGHJK', { ...confirmation, centreId: southbank.id }, NOW)).toBe(false);
    expect(await store.denyPairing('BCDFGHJK', NOW)).toBe(false);
    expect(await store.findPendingPairing('BCDFGHJK', NOW)).toBeNull();
  });

  it('[M3] tells a TV that asks too soon, and makes its interval longer', async () => {
    await store.insertPairing(pairing());
    const ask = (seconds: number) => store.pollPairing(hash('device'), NOW + seconds * 1000, 5);
    const pending = { status: 'pending', expiresAt: NOW + 600_000 };
    expect(await ask(0)).toEqual({ ...pending, tooSoon: false });
    expect(await ask(5)).toEqual({ ...pending, tooSoon: false });
    expect(await ask(9)).toEqual({ ...pending, tooSoon: true });
    expect(await ask(18)).toEqual({ ...pending, tooSoon: true });
    expect(await ask(33)).toEqual({ ...pending, tooSoon: false });
    expect(await store.pollPairing(hash('nobody'), NOW, 5)).toBeNull();
  });

  it('[M3] of several TVs that claim one pairing, one gets it', async () => {
    await store.insertPairing(pairing());
    expect(await store.claimPairing(hash('device'), claimer('a'), NOW)).toBeNull();
    await store.confirmPairing('BCDFGHJK', confirmation, NOW);
    const claims = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((id) => store.claimPairing(hash('device'), claimer(id), NOW)),
    );
    const won = claims.filter((claim) => claim !== null);
    expect(won).toHaveLength(1);
    const tvs = await store.findTvsBySerial('NEW-1');
    expect(tvs).toHaveLength(1);
    expect(tvs[0]).toMatchObject({ id: won[0]?.tvId, centre: northlight, name: 'Bedroom TV', customer: null });
    expect(tvs[0]?.secretHash).toEqual(hash(`secret of ${won[0]?.tvId}`));
    expect((await store.pollPairing(hash('device'), NOW, 5))?.status).toBe('claimed');
  });

  it('[M3] a claim after the end comes too late', async () => {
    await store.insertPairing(pairing());
    await store.confirmPairing('BCDFGHJK', confirmation, NOW);
    expect(await store.claimPairing(hash('device'), claimer('a'), NOW + 600_000)).toBeNull();
    expect(await store.findTvsBySerial('NEW-1')).toEqual([]);
  });

  it('[M24] a claim brings its customer along, and makes up a serial where the TV told none', async () => {
    await store.insertPairing(pairing({ serial: null }));
    const bob = { id: 'bob', reference: 'NL-8', name: 'Bob', address: null, number: null };
    await store.confirmPairing('BCDFGHJK', { ...confirmation, customer: bob }, NOW);
    expect(await store.claimPairing(hash('device'), claimer('a'), NOW)).toEqual({ tvId: 'a', serial: 'made-up-a' });
    expect((await store.findTv(northlight.id, 'a'))?.customer).toEqual(bob);
  });

  it('[M3] pairing a known TV again gives new credentials and ends the sessions of the old', async () => {
    await store.insertSession(session('one'), 8);
    await store.insertPairing(pairing({ serial: 'SER-1' }));
    await store.confirmPairing('BCDFGHJK', confirmation, NOW);
    expect(await store.claimPairing(hash('device'), claimer('a'), NOW)).toEqual({ tvId: 'tv-1', serial: 'SER-1' });
    expect(await store.findTv(northlight.id, 'tv-1')).toMatchObject({
      secretHash: hash('secret of a'),
      name: 'Bedroom TV',
      customer: null,
    });
    expect(await store.findTvBySession(hash('one'), NOW)).toBeNull();
  });

  it('[M3] forgets pairings that are long over', async () => {
    await store.insertPairing(pairing());
    await store.purgePairings(NOW + 600_000);
    expect(await store.pollPairing(hash('device'), NOW, 5)).not.toBeNull();
    await store.purgePairings(NOW + 600_001);
    expect(await store.pollPairing(hash('device'), NOW, 5)).toBeNull();
  });
});
