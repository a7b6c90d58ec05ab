/** Runs what was queued for later: timers, and the daily purge. */
import { Logger, runMigrations } from 'graphile-worker';
import type { Timer } from '../src/events/ports.ts';
import type { Database } from './database.ts';
import { purgeDeliveries } from './queries/purgeDeliveries.ts';
import { purgeRequests } from './queries/purgeRequests.ts';
import { purgeTaken } from './queries/purgeTaken.ts';
import { unlockJobs } from './queries/unlockJobs.ts';
import { runJobs, type Worker } from './runner.ts';

/** Brings graphile-worker's own tables up to date. */
export async function migrateWorker(database: Database): Promise<void> {
  await runMigrations({ pgPool: database, logger: new Logger(() => () => {}) });
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
  return await runJobs(database, {
    concurrency: 4,
    // Timers that lie ahead are found by looking; a second is what people do not notice.
    pollInterval: 500,
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
    onError: options.onError,
  });
}
