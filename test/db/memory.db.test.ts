/** What two services on one database keep in memory, and how each hears of what the other, or anybody, changed. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalogueStore, type DatabaseCatalogueStore } from '../../db/catalogueStore.ts';
import { createEventStore } from '../../db/eventStore.ts';
import { Memory } from '../../db/memory.ts';
import { followNotices } from '../../db/notices.ts';
import { createProvisioning } from '../../db/provisioning.ts';
import { insertAgent } from '../../db/queries/insertAgent.ts';
import { insertTv } from '../../db/queries/insertTv.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import type { Store } from '../../src/events/ports.ts';
import { Door } from '../../src/events/door.ts';
import { hashToken } from '../../src/registration/tokens.ts';
import { deafRelay, longTimes } from '../support/doorParts.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { livingRoomTv } from '../support/wire.ts';

const centreId = 'northlight';
const tvId = 'living-room';

/** One service's share. */
interface Service {
  memory: Memory;
  store: Store;
  catalogues: DatabaseCatalogueStore;
  registrations: ReturnType<typeof createRegistrationStore>;
  /** Resolves once notices are heard, for the `times`-th time. */
  listening(times?: number): Promise<void>;
  /** Resolves once it was told of `times` changes. */
  told(times: number): Promise<void>;
  close(): Promise<void>;
}

let fresh: FreshDatabase;
let services: Service[];

beforeEach(async () => {
  fresh = await freshDatabase();
  services = [];
  await createProvisioning(fresh.database).createCentre({ id: centreId, name: 'Northlight TV' });
  const tv = { id: tvId, centreId, serial: 'SER-1', secretHash: hashToken('a secret'), customerId: null };
  await insertTv(fresh.database, { ...tv, name: 'Living room TV' });
});
afterEach(async () => {
  for (const service of services) await service.close();
  await fresh.drop();
});

function startService(): Service {
  const memory = new Memory();
  const heard = { listening: 0, changes: 0 };
  let look: (() => void)[] = [];
  const note = (what: keyof typeof heard) => {
    heard[what] += 1;
    for (const one of look.splice(0)) one();
  };
  const reached = async (what: keyof typeof heard, times: number) => {
    while (heard[what] < times) await new Promise<void>((resolve) => void look.push(resolve));
  };
  const listener = {
    ...memory.listener,
    heard(payload: string) {
      void memory.listener.heard(payload);
      note('changes');
    },
    listening() {
      void memory.listener.listening();
      note('listening');
    },
  };
  const notices = followNotices(fresh.url, [listener], () => {});
  const catalogues = createCatalogueStore(fresh.database, memory);
  const service: Service = {
    memory,
    catalogues,
    store: createEventStore(fresh.database, (id) => catalogues.current(id), { memory }),
    registrations: createRegistrationStore(fresh.database, memory),
    listening: (times = 1) => reached('listening', times),
    told: (times) => reached('changes', times),
    async close() {
      look = [];
      await notices.close();
    },
  };
  services.push(service);
  return service;
}

/** Everything that a press looks at, without one word to the database. */
async function readsNothing(service: Service, read: () => Promise<unknown>): Promise<boolean> {
  const query = fresh.database.query.bind(fresh.database);
  let queries = 0;
  fresh.database.query = ((...given: Parameters<typeof query>) => {
    queries += 1;
    return query(...given);
  }) as typeof query;
  await read();
  fresh.database.query = query;
  return queries === 0;
}

const nameOf = async ({ store }: Service) => (await store.tv(centreId, tvId))?.summary.name;
const modelOf = async ({ store }: Service) => (await store.tv(centreId, tvId))?.summary.model;
const rename = (name: string) => fresh.database.query('update tvs set name = $1 where id = $2', [name, tvId]);

describe('[M4] a press reads nothing', () => {
  it('once a TV, its catalogue and its line are known', async () => {
    const here = startService();
    await here.listening();
    const press = () => Promise.all([nameOf(here), here.store.catalogue(centreId)]);
    // The first ships the catalogue, which is a change.
    await press();
    await here.told(1);
    await press();
    expect(await readsNothing(here, press)).toBe(true);
  });

  it('but sees what was changed elsewhere, by whatever way: the TV, its customer', async () => {
    const here = startService();
    await here.listening();
    expect(await nameOf(here)).toBe('Living room TV');
    await rename('Kitchen TV');
    await here.told(1);
    expect(await nameOf(here)).toBe('Kitchen TV');

    await fresh.database.query(
      `insert into customers (id, centre_id, reference, name) values ('alice', $1, 'C-1', 'Alice')`,
      [centreId],
    );
    await fresh.database.query(`update tvs set customer_id = 'alice' where id = $1`, [tvId]);
    await here.told(2);
    await here.store.tv(centreId, tvId);
    await fresh.database.query(`update customers set name = 'Alice Berg' where id = 'alice'`);
    await here.told(3);
    expect((await here.store.tv(centreId, tvId))?.summary.customer?.name).toBe('Alice Berg');
  });

  it('and of two services, one sees what the other was told by a TV, and published', async () => {
    const [here, there] = [startService(), startService()];
    await Promise.all([here.listening(), there.listening()]);
    for (const one of [here, there])
      expect([await modelOf(one), (await one.store.catalogue(centreId)).version]).toEqual(['', 1]);
    await Promise.all([here.told(1), there.told(1)]);
    await here.store.catalogue(centreId);

    const news = { told: { ...livingRoomTv, model: 'X50' }, remoteAddress: '::1', customer: null, at: 1 };
    await there.registrations.recordTvTold(centreId, tvId, news);
    // Whoever wrote it sees it at once.
    expect(await modelOf(there)).toBe('X50');
    await here.told(2);
    expect(await modelOf(here)).toBe('X50');

    const alice = { by: 'Alice', at: 1 };
    await there.catalogues.saveDraft(centreId, { revision: 0, entries: [] }, alice);
    const { draft } = await there.catalogues.state(centreId);
    await there.catalogues.publish(centreId, { revision: draft!.revision, note: '' }, alice);
    expect((await there.store.catalogue(centreId)).version).toBe(2);
    await here.told(3);
    expect((await here.store.catalogue(centreId)).version).toBe(2);
  });

  it('what is told again as it was is no change', async () => {
    const here = startService();
    await here.listening();
    await nameOf(here);
    await fresh.database.query(`update tvs set name = name, connected = true, last_heard_at = 5 where id = $1`, [tvId]);
    await rename('Kitchen TV');
    await here.told(1);
    // Notices come in the order of the commits: the first was of the second change.
    expect(await nameOf(here)).toBe('Kitchen TV');
  });

  it('of another centre it sees nothing, whatever is known', async () => {
    const here = startService();
    await here.listening();
    await nameOf(here);
    expect(await here.store.tv('another', tvId)).toBeNull();
  });

  it('a change that is committed while the TV is being read is not missed by the next press', async () => {
    const memory = new Memory();
    void memory.listener.listening();
    const { promise, resolve } = Promise.withResolvers<string>();
    const first = memory.recall(['tv', centreId, tvId], () => promise);
    void memory.listener.heard(JSON.stringify(['tv', centreId, tvId]));
    resolve('as it was');
    expect(await first).toBe('as it was');
    expect(await memory.recall(['tv', centreId, tvId], () => Promise.resolve('as it is'))).toBe('as it is');
  });

  it('what could not be read is read again', async () => {
    const memory = new Memory();
    void memory.listener.listening();
    const busy = memory.recall(['tv', centreId, tvId], () => Promise.reject(new Error('the database is busy')));
    await expect(busy).rejects.toThrow('busy');
    expect(await memory.recall(['tv', centreId, tvId], () => Promise.resolve('there'))).toBe('there');
  });
});

describe('[M4] while notices are not heard', () => {
  it('nothing is kept, and what was is forgotten', async () => {
    const here = startService();
    await here.listening();
    await nameOf(here);
    await fresh.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'couchline notices'`,
    );
    await rename('Kitchen TV');
    await here.listening(2);
    expect(await nameOf(here)).toBe('Kitchen TV');
    expect(await readsNothing(here, () => nameOf(here))).toBe(true);
  });

  it('every press reads', async () => {
    const memory = new Memory();
    const read = () => Promise.resolve('read');
    let reads = 0;
    const counted = () => {
      reads += 1;
      return read();
    };
    await memory.recall(['tv', centreId, tvId], counted);
    await memory.recall(['tv', centreId, tvId], counted);
    expect([reads, memory.mark(['line', centreId])]).toEqual([2, null]);
  });
});

describe('[RT3] queues and agents', () => {
  it('stand until somebody changes them, whoever that is', async () => {
    const here = startService();
    await here.listening();
    const told = async (change: () => Promise<unknown>, times: number) => {
      const line = await here.store.line(centreId);
      expect(line.stands()).toBe(true);
      await change();
      await here.told(times);
      expect(line.stands()).toBe(false);
    };
    const queue = { name: 'Boxes', operator: '*', model: 'STB*', region: '*', skills: [], order: null };
    await told(() => createProvisioning(fresh.database).createQueue(centreId, queue), 1);
    const sam = { id: 'sam', centreId, email: 'sam@example', name: 'Sam', passwordHash: '', roles: ['agent' as const] };
    const profile = { skills: [], customersLookedAfter: [], capacity: 1 };
    await told(() => insertAgent(fresh.database, { ...sam, ...profile }), 2);

    // Through another service's door.
    const there = startService();
    const door = new Door({
      store: there.store,
      relay: deafRelay,
      clock: Date.now,
      times: longTimes,
      newId: randomUUID,
    });
    const known = { agentId: 'sam', name: 'Sam', ...profile };
    await told(() => door.agentKnown(centreId, known), 3);
    await told(() => door.agentConnected(centreId, 'sam'), 4);
    await told(() => door.agentKnown(centreId, { ...known, capacity: 2 }), 5);
    const away = { kind: 'away' as const, reason: 'coffee' };
    await told(() => door.setWish({ centreId, senderId: 'sam', commandId: 'c1' }, away), 6);
  });
});
