/** Timers are said at least once, whoever sets them, whatever happens to the connections and to those who say them. */
import { expect, it, onTestFinished } from 'vitest';
import type { Database } from '../../db/database.ts';
import { claimTimers } from '../../db/queries/claimTimers.ts';
import { saveChanges } from '../../db/queries/saveChanges.ts';
import { startTimers, type TimersOptions } from '../../db/timers.ts';
import type { Timer } from '../../src/events/ports.ts';
import { freshDatabase } from '../support/postgres.ts';

const CENTRE = 'northlight';

async function house(): Promise<Database> {
  const { database, drop } = await freshDatabase();
  onTestFinished(drop);
  return database;
}

function timer(key: string, at: number): Timer {
  return {
    centreId: CENTRE,
    key,
    at,
    say: { to: 'interaction', interactionId: key, command: { type: 'tvLost' } },
  };
}

/** Sets and takes back timers as the door does, within a commit. */
async function save(database: Database, setTimers: Timer[], cancelTimers: string[] = []): Promise<void> {
  await saveChanges(database, CENTRE, {
    interactions: [],
    agents: [],
    setTimers,
    cancelTimers,
    taken: [],
    lineVersion: null,
  });
}

function start(database: Database, options: Partial<TimersOptions>) {
  const timers = startTimers(database, { perform: async () => {}, onError: () => {}, clock: Date.now, ...options });
  onTestFinished(() => timers.stop());
  return timers;
}

const left = async (database: Database) =>
  (await database.query<{ key: string }>('select key from timers order by key')).rows.map(({ key }) => key);

it('[M4] a timer is said when the service’s clock has come to it, and taken away; another waits', async () => {
  const database = await house();
  const said: string[] = [];
  let now = 1_000;
  await save(database, [timer('soon', 1_000), timer('later', 2_000)]);
  start(database, { clock: () => now, perform: async ({ key }) => void said.push(key) });
  await expect.poll(() => left(database)).toEqual(['later']);
  expect(said).toEqual(['soon']);
  now = 2_000;
  await expect.poll(() => left(database)).toEqual([]);
  expect(said).toEqual(['soon', 'later']);
});

it('[M4] set anew, a timer has its new time; taken back, it is not said', async () => {
  const database = await house();
  const said: Timer[] = [];
  await save(database, [timer('moved', 1_000), timer('gone', 1_000)]);
  await save(database, [timer('moved', 5_000)], ['gone']);
  let now = 4_999;
  start(database, { clock: () => now, perform: async (one) => void said.push(one) });
  await save(database, [timer('mark', 1)]);
  await expect.poll(() => said.map(({ key }) => key)).toEqual(['mark']);
  now = 5_000;
  await expect.poll(() => left(database)).toEqual([]);
  expect(said.at(-1)).toMatchObject({ key: 'moved', at: 5_000 });
});

it('[M4] set anew while it is being said, a timer is not taken away with the one that was said', async () => {
  const database = await house();
  const { promise: set, resolve } = Promise.withResolvers<void>();
  const said: number[] = [];
  await save(database, [timer('again', 1)]);
  start(database, {
    perform: async ({ at }) => {
      said.push(at);
      if (at !== 1) return;
      await save(database, [timer('again', 2)]);
      resolve();
    },
  });
  await set;
  await expect.poll(() => left(database)).toEqual([]);
  expect(said).toEqual([1, 2]);
});

it('[M4] one that fails is kept and told; its claim over, it is said again', async () => {
  const database = await house();
  const errors: unknown[] = [];
  let tries = 0;
  await save(database, [timer('stubborn', 1)]);
  start(database, {
    perform: () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('not now')) : Promise.resolve();
    },
    onError: (error) => errors.push(error),
  });
  await expect.poll(() => errors.length).toBe(1);
  expect(await left(database)).toEqual(['stubborn']);
  await database.query(`update timers set claimed_until = now() - interval '1 second'`);
  await expect.poll(() => left(database)).toEqual([]);
  expect(tries).toBe(2);
});

it('[M4] of several services one says it; what a killed one had claimed is another’s after ten seconds', async () => {
  const database = await house();
  await save(
    database,
    Array.from({ length: 20 }, (_, n) => timer(`t${n}`, n)),
  );
  const [one, other] = await Promise.all([claimTimers(database, 100, 12), claimTimers(database, 100, 12)]);
  expect(new Set([...one, ...other].map(({ key }) => key)).size).toBe(20);
  expect(one.length + other.length).toBe(20);
  expect(await claimTimers(database, 100, 12)).toEqual([]);
  const { rows } = await database.query<{ seconds: number }>(
    'select extract(epoch from max(claimed_until) - now())::float8 as seconds from timers',
  );
  expect(rows[0]?.seconds).toBeLessThanOrEqual(10);
});

it('[M4] timers go on when connections are lost on the way', async () => {
  const database = await house();
  const said = new Set<string>();
  const timers = start(database, { perform: async ({ key }) => void said.add(key) });
  for (let loss = 0; loss < 8; loss += 1) {
    await save(
      database,
      Array.from({ length: 30 }, (_, n) => timer(`${loss}-${n}`, n)),
    );
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await expect.poll(() => timers.running()).toBe(true);
  }
  // What was claimed when its connection was lost waits for the claim's end.
  await expect.poll(() => said.size).toBe(240);
});
