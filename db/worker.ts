/** Runs the daily purge. */
import { Logger, runMigrations } from 'graphile-worker';
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

/** Starts taking jobs; those that a killed process left half done are among them. */
export async function startWorker(
  database: Database,
  options: { onError: (error: unknown, job: string) => void },
): Promise<Worker> {
  await unlockJobs(database);
  return await runJobs(database, {
    concurrency: 1,
    pollInterval: 60_000,
    taskList: {
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
