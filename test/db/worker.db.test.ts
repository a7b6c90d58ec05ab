/** Jobs run although the connections that take them are lost again and again. */
import { EventEmitter, once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Database } from '../../db/database.ts';
import { runJobs } from '../../db/runner.ts';
import { freshDatabase } from '../support/postgres.ts';
import { Random } from '../support/random.ts';

const JOBS = 30;
const LOSSES = 8;
/** Decides in the midst of which job each connection is lost; WORKER_SEED=… decides otherwise. */
const seed = Number(process.env['WORKER_SEED'] ?? 18);

it(`[M4] no job is left behind, and none is locked by nobody, when connections are lost on the way (seed ${seed})`, async () => {
  // graphile-worker says of each lost connection where it noticed.
  vi.spyOn(console, 'trace').mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const random = new Random(seed);
  const { database, drop } = await freshDatabase();
  onTestFinished(drop);
  // What the test says itself goes by a connection that is spared.
  const own = await database.connect();
  onTestFinished(() => own.release());
  const jobs = new EventEmitter<{ begun: [] }>();
  let begun = 0;
  const done = new Set<string>();
  const worker = await runJobs(database, {
    concurrency: 4,
    pollInterval: 500,
    taskList: {
      note: async (payload) => {
        begun += 1;
        jobs.emit('begun');
        await database.query('select pg_sleep(0.005)');
        done.add((payload as { key: string }).key);
      },
    },
    onError: () => {},
  });
  onTestFinished(() => worker.stop());

  for (let loss = 0; loss < LOSSES; loss += 1) {
    const least = begun + random.below(JOBS);
    await own.query(
      `select graphile_worker.add_job('note', json_build_object('key', $1 || '-' || n)) from generate_series(1, $2) n`,
      [String(loss), JOBS],
    );
    while (begun < least) await once(jobs, 'begun');
    await own.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await expect.poll(() => worker.running()).toBe(true);
  }

  // A job that came to grief is tried again after some seconds.
  await expect.poll(() => done.size).toBe(JOBS * LOSSES);
  const left = async () => (await own.query('select from graphile_worker._private_jobs')).rowCount;
  await expect.poll(left).toBe(0);
});

it('[M4] a runner that is stopped while it begins to listen, and whose listening comes to nothing, ends nothing else', async () => {
  const { database, drop } = await freshDatabase();
  onTestFinished(drop);
  const asked = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<never>();
  const listen = () => {
    asked.resolve();
    return listening.promise;
  };
  const slow = Object.assign(Object.create(database) as Database, {
    connect: (taken?: Parameters<Database['connect']>[0]) => {
      if (taken === undefined) return database.connect();
      database.connect((error, client, release) => {
        if (client === undefined) return taken(error, client, release);
        const query = client.query.bind(client) as (...given: unknown[]) => unknown;
        const said = (...given: unknown[]) => (/^LISTEN/.test(String(given[0])) ? listen() : query(...given));
        taken(error, Object.assign(client, { query: said }), release);
      });
    },
  });
  const onError = vi.fn();
  const worker = await runJobs(slow, {
    concurrency: 1,
    pollInterval: 500,
    taskList: { note: () => undefined },
    onError,
  });
  await asked.promise;
  await worker.stop();
  // An error that nobody catches would end the service; here it fails the run.
  listening.reject(new Error('The connection was lost.'));
  await expect(listening.promise).rejects.toThrow('lost');
  const { rows } = await database.query('select 1 as answer');
  expect(rows).toEqual([{ answer: 1 }]);
});
