/** Runs what was queued for later: timers, and the daily purge. graphile-worker on the house's own pool. */
import { Logger, run, runMigrations, type Runner } from 'graphile-worker';
import type { Timer } from '../src/events/ports.ts';
import type { Database } from './database.ts';
import { purgeDeliveries } from './queries/purgeDeliveries.ts';
import { purgeRequests } from './queries/purgeRequests.ts';
import { purgeTaken } from './queries/purgeTaken.ts';
import { unlockJobs } from './queries/unlockJobs.ts';

export interface Worker {
  /** True while jobs are taken from the queue. */
  running(): boolean;
  /** Finishes the jobs under way and takes no more. */
  stop(): Promise<void>;
}

/** Brings graphile-worker's own tables up to date. */
export async function migrateWorker(database: Database): Promise<void> {
  await runMigrations({ pgPool: database, logger: quiet });
}

/**
 * Starts taking jobs; those that a killed process left half done are among them.
 * @param perform is called at least once for every timer whose time has come; when it throws, it is called again later
 */
export async function startWorker(
  database: Database,
  options: { perform: (timer: Timer) => Promise<void>; onError: (error: unknown, job: string) => void },
): Promise<Worker> {
  await unlockJobs(database);
  const runner: Runner = await run({
    pgPool: database,
    concurrency: 4,
    // Timers that lie ahead are found by looking; a second is what people do not notice.
    pollInterval: 500,
    noHandleSignals: true,
    logger: quiet,
    taskList: {
      timer: async (payload) => {
        await options.perform(payload as Timer);
      },
      purge: async () => {
        await purgeTaken(database);
        await purgeRequests(database);
        await purgeDeliveries(database);
      },
    },
    crontab: '17 4 * * * purge',
  });
  let running = true;
  runner.events.on('job:error', ({ error, job }) => options.onError(error, job.task_identifier));
  void runner.promise.then(
    () => (running = false),
    (error: unknown) => {
      running = false;
      options.onError(error, 'worker');
    },
  );
  return {
    running: () => running,
    async stop() {
      if (running) await runner.stop();
    },
  };
}

/** Our own log tells of errors; the library's would repeat each job's payload. */
const quiet = new Logger(() => () => {});
