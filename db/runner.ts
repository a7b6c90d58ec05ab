/**
 * Takes jobs from the queue, whatever happens to Postgres meanwhile. graphile-worker on the house's
 * own pool; where it gives up, because a job's end could not be written down, it is begun anew.
 */
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, run, type Runner, type RunnerOptions, type WorkerEvents } from 'graphile-worker';
import type { Database } from './database.ts';
import { unlockJobs } from './queries/unlockJobs.ts';

/** Milliseconds. */
const AGAIN_AFTER = 500;

export interface Worker {
  /** True while jobs are taken from the queue. */
  running(): boolean;
  /** Finishes the jobs under way and takes no more. */
  stop(): Promise<void>;
}

export interface JobOptions extends Pick<RunnerOptions, 'concurrency' | 'pollInterval' | 'crontab' | 'forbiddenFlags'> {
  taskList: NonNullable<RunnerOptions['taskList']>;
  onError: (error: unknown, job: string) => void;
}

/** Starts taking jobs. */
export async function runJobs(database: Database, options: JobOptions): Promise<Worker> {
  const { onError, ...rest } = options;
  const over = new AbortController();
  /** Under which name the present runner locks its jobs. */
  let lockedBy: string | null = null;
  let runner: Runner | null = await begin();
  const followed = follow(runner);
  return {
    running: () => runner !== null,
    async stop() {
      over.abort();
      await runner?.stop().catch(() => {});
      await followed;
    },
  };

  async function begin(): Promise<Runner> {
    if (lockedBy !== null) await unlockJobs(database, [lockedBy]);
    const events: WorkerEvents = new EventEmitter();
    events.once('pool:create', ({ workerPool }) => (lockedBy = workerPool.id));
    events.on('job:error', ({ error, job }) => onError(error, job.task_identifier));
    return await run({
      ...rest,
      pgPool: database,
      noHandleSignals: true,
      logger: quiet,
      events,
      // With a delay, even of nothing, what cannot be written down ends the runner; without, it ends the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
  }

  async function follow(first: Runner): Promise<void> {
    for (let current: Runner | null = first; current !== null; current = await again()) {
      runner = current;
      if (over.signal.aborted) await current.stop().catch(() => {});
      await current.promise.catch((error: unknown) => onError(error, 'worker'));
      runner = null;
    }
  }

  async function again(): Promise<Runner | null> {
    while (!over.signal.aborted) {
      await delay(AGAIN_AFTER, undefined, { signal: over.signal }).catch(() => {});
      const begun = over.signal.aborted ? null : await begin().catch(() => null);
      if (begun !== null) return begun;
    }
    return null;
  }
}

/** Our own log tells of errors; the library's would repeat each job's payload. */
const quiet = new Logger(() => () => {});
