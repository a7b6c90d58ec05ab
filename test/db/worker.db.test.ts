/** Jobs run although the connections that take them are lost again and again. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { runJobs } from '../../db/runner.ts';
import { Random } from '../chaos/random.ts';
import { freshDatabase } from '../support/postgres.ts';

const JOBS = 30;
const LOSSES = 8;
/** Another one each time; WORKER_SEED=… says again what one decided. */
const seed = Number(process.env['WORKER_SEED'] ?? Date.now() % 2 ** 32);

it(`[M4] no job is left behind, and none is locked by nobody, when connections are lost on the way (seed ${seed})`, async () => {
  const random = new Random(seed);
  const { database, drop } = await freshDatabase();
  onTestFinished(drop);
  const done = new Set<string>();
  const worker = await runJobs(database, {
    concurrency: 4,
    pollInterval: 500,
    taskList: {
      note: async (payload) => {
        await database.query('select pg_sleep(0.005)');
        done.add((payload as { key: string }).key);
      },
    },
    onError: () => {},
  });
  onTestFinished(() => worker.stop());

  for (let loss = 0; loss < LOSSES; loss += 1) {
    await database.query(
      `select graphile_worker.add_job('note', json_build_object('key', $1 || '-' || n)) from generate_series(1, $2) n`,
      [String(loss), JOBS],
    );
    await delay(random.between(0, 40));
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await expect.poll(() => worker.running()).toBe(true);
  }

  // A job that came to grief is tried again after some seconds.
  await expect.poll(() => done.size, { timeout: 15_000 }).toBe(JOBS * LOSSES);
  const left = async () => (await database.query('select from graphile_worker._private_jobs')).rowCount;
  await expect.poll(left, { timeout: 5_000 }).toBe(0);
});
