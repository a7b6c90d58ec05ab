/** What commits go through: planned once, and by keys alone. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalogueStore } from '../../db/catalogueStore.ts';
import { openWriter, type Database } from '../../db/database.ts';
import { createEventStore } from '../../db/eventStore.ts';
import { createProvisioning } from '../../db/provisioning.ts';
import { insertAgent } from '../../db/queries/insertAgent.ts';
import { insertTv } from '../../db/queries/insertTv.ts';
import { Door } from '../../src/events/door.ts';
import { hashToken } from '../../src/registration/tokens.ts';
import { deafRelay, longTimes } from '../support/doorParts.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { stalledRequest } from '../support/wire.ts';

const centreId = 'northlight';

let fresh: FreshDatabase;
let writer: Database;
let door: Door;

beforeEach(async () => {
  fresh = await freshDatabase();
  // What is read is not the writer's, and would be counted some time later.
  fresh.database.on('connect', (client) => void client.query('set track_counts to off'));
  writer = openWriter(fresh.url);
  const catalogues = createCatalogueStore(fresh.database);
  door = new Door({
    store: createEventStore(fresh.database, (id) => catalogues.current(id), { writer }),
    relay: deafRelay,
    clock: Date.now,
    times: longTimes,
    newId: randomUUID,
  });
  await createProvisioning(fresh.database).createCentre({ id: centreId, name: 'Northlight TV' });
  await insertTv(fresh.database, {
    id: 'living-room',
    centreId,
    serial: 'SER-1',
    secretHash: hashToken('a secret'),
    name: 'Living room TV',
    customerId: null,
  });
  const sam = { id: 'sam', centreId, email: 'sam@example', name: 'Sam', passwordHash: '', roles: ['agent' as const] };
  const profile = { name: 'Sam', skills: [], customersLookedAfter: [], capacity: 1 };
  await insertAgent(fresh.database, { ...sam, ...profile });
  await door.agentKnown(centreId, { agentId: 'sam', ...profile });
  await door.agentConnected(centreId, 'sam');
});
afterEach(async () => {
  await writer.end();
  await fresh.drop();
});

/** What no catalogue knows goes to a person at once. */
const unknownFault = { ...stalledRequest.fault!, code: 'vendor:unheard-of' };

const say = () => ({ centreId, senderId: 'living-room', commandId: randomUUID() });

async function comeAndGo(times: number): Promise<void> {
  for (let n = 0; n < times; n += 1) {
    const answer = await door.request(say(), { ...stalledRequest, fault: unknownFault });
    await door.viewer(say(), (answer.ok && answer.interactionId) || '', { type: 'leave' });
  }
}

describe('[M4] the writer', () => {
  it('plans each kind of commit once', async () => {
    await comeAndGo(8);
    const { rows } = await writer.query<{ name: string; generic_plans: string; custom_plans: string }>(
      `select name, generic_plans, custom_plans from pg_prepared_statements where name like 'save %'`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.filter(({ custom_plans }) => Number(custom_plans) > 0)).toEqual([]);
  });

  it('finds every row by its key, whatever the tables held when it looked', async () => {
    // The planner looks when a table is as good as empty.
    await fresh.database.query('analyze');
    await comeAndGo(2);
    const scans = async () => {
      await writer.query('select pg_stat_force_next_flush()');
      const { rows } = await fresh.database.query<{ table: string; scans: number }>(
        `select relname as table, seq_scan as scans from pg_stat_user_tables
         where relname in ('interactions', 'interaction_events', 'agent_records', 'commands_taken', 'timers', 'centres')
         order by relname`,
      );
      return rows;
    };
    const before = await scans();
    await comeAndGo(3);
    expect(await scans()).toEqual(before);
  });
});
