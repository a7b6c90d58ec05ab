/** A start after a crash: whoever was connected is told of as gone, however many wait. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../db/database.ts';
import { openBench, type Bench } from '../../support/bench.ts';
import { registerTv } from '../../support/wire.ts';
import { ask } from '../../support/wireSteps.ts';

/** Besides the one that asked. */
const WAITING = 5_000;

let bench: Bench;
let database: Database;

beforeAll(async () => {
  bench = await openBench();
  database = openDatabase(bench.service.databaseUrl, { connections: 1 });
});
afterAll(async () => {
  await database.end();
  await bench.close();
});

/** As many more TVs wait as this one does. */
async function manyLike(interactionId: string): Promise<void> {
  await database.query(
    `insert into tvs (id, centre_id, serial, secret_hash, name, told, connected)
     select t.id || n, t.centre_id, t.serial || n, t.secret_hash, t.name, t.told, true
     from interactions i join tvs t on t.id = i.tv_id, generate_series(1, $2) n where i.id = $1`,
    [interactionId, WAITING],
  );
  await database.query(
    `insert into interactions (id, centre_id, tv_id, version, snapshot, state, queue_id, priority, arrived_at, opened_at)
     select id || n, centre_id, tv_id || n, version,
            snapshot || jsonb_build_object('id', id || n, 'tv', (snapshot->'tv') || jsonb_build_object('tvId', tv_id || n)),
            state, queue_id, priority, arrived_at + n, opened_at
     from interactions, generate_series(1, $2) n where id = $1`,
    [interactionId, WAITING],
  );
  await database.query(
    `insert into interaction_events (interaction_id, seq, at, event)
     select interaction_id || n, seq, at, event from interaction_events, generate_series(1, $2) n where interaction_id = $1`,
    [interactionId, WAITING],
  );
}

/** Transactions on this database so far, and when that was, by the database's clock. */
async function transactions(): Promise<{ count: number; at: string }> {
  const { rows } = await database.query<{ count: number; at: string }>(
    'select xact_commit as count, now()::text as at from pg_stat_database where datname = current_database()',
  );
  return rows[0]!;
}

/** Those since then, once all who came since are gone again: only then all of theirs are counted. */
async function transactionsSince({ count, at }: { count: number; at: string }): Promise<number> {
  const there = async () => {
    const { rows } = await database.query(
      `select pid from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and backend_start > $1::timestamptz
         and pid <> pg_backend_pid()`,
      [at],
    );
    return rows;
  };
  await expect.poll(there).toEqual([]);
  return (await transactions()).count - count;
}

describe('a service that was killed', () => {
  it('takes everybody back to the line, thousands by a few statements, and says each their place', async () => {
    const centre = await bench.centre();
    const credentials = await centre.addTv();
    const interactionId = await ask(await registerTv(bench.url, credentials));
    await manyLike(interactionId);
    await bench.service.kill('SIGKILL');
    const before = await transactions();

    await bench.service.restart();

    const { rows } = await database.query(
      `select state, (snapshot->>'tvLostAt') is not null as lost, version - (
                select count(*) from interaction_events where interaction_id = i.id) as missing,
              (select event->>'type' from interaction_events where interaction_id = i.id order by seq desc limit 1) as last,
              count(*)::int
       from interactions i group by 1, 2, 3, 4`,
    );
    expect(rows).toEqual([{ state: 'queued', lost: true, missing: 0, last: 'tvLost', count: WAITING + 1 }]);
    const tv = await registerTv(bench.url, credentials);
    const line = await tv.nextOf('line');
    expect(line).toMatchObject({ interactionId, place: 1, of: WAITING + 1 });
    await bench.service.kill('SIGTERM');
    // One a place would be as many.
    expect(await transactionsSince(before)).toBeLessThan(WAITING / 4);
  });
});
