/**
 * Takes jobs from the queue, whatever happens to Postgres meanwhile: graphile-worker on the house's own
 * pool, begun anew after every trouble with the connection. By itself it would keep the jobs locked
 * whose getting was answered into a lost connection, and end the process, or come to a rest that
 * nobody sees, where a job's end could not be written down, or a connection was lost while it was
 * stopped (0.18.0).
 */
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, run, type RunnerOptions, type TaskList, type WorkerEvents } from 'graphile-worker';
import type { PoolClient } from 'pg';
import type { Database } from './database.ts';
import { unlockJobs } from './queries/unlockJobs.ts';

/** Milliseconds. */
const AGAIN_AFTER = 200;

export interface Worker {
  /** True while jobs are taken from the queue. */
  running(): boolean;
  /** Finishes the jobs under way and takes no more. */
  stop(): Promise<void>;
}

export interface JobOptions extends Pick<RunnerOptions, 'concurrency' | 'pollInterval' | 'crontab' | 'forbiddenFlags'> {
  taskList: TaskList;
  onError: (error: unknown, job: string) => void;
}

/** One life of graphile-worker's runner. */
interface Life {
  /** Resolves when it is of no use any more: with the trouble, or null after `stop`. */
  over: Promise<unknown>;
  /** Takes no more jobs. Whether it ever says that it has ended is not to be relied on. */
  stop(): Promise<void>;
}

/** Starts taking jobs. */
export async function runJobs(database: Database, options: JobOptions): Promise<Worker> {
  const { onError, taskList, ...rest } = options;
  const stopping = new AbortController();
  /** Under which names this process has locked jobs, the present one last. */
  const names: string[] = [];
  const underWay = new Set<Promise<void>>();
  let life: Life | null = await begin();
  const followed = follow(life);
  return {
    running: () => life !== null,
    async stop() {
      stopping.abort();
      const ending = life;
      if (ending !== null) await Promise.race([ending.stop(), ending.over]);
      await Promise.allSettled(underWay);
      await followed;
    },
  };

  async function begin(): Promise<Life> {
    if (names.length > 0) await unlockJobs(database, names);
    const events: WorkerEvents = new EventEmitter();
    const { promise: over, resolve } = Promise.withResolvers<unknown>();
    events.once('pool:create', ({ workerPool }) => names.push(workerPool.id));
    events.on('job:error', ({ error, job }) => onError(error, job.task_identifier));
    for (const trouble of ['worker:getJob:error', 'pool:fatalError', 'pool:listen:error'] as const) {
      events.on(trouble, ({ error }) => resolve(error));
    }
    const runner = await run({
      ...rest,
      taskList: Object.fromEntries(Object.entries(taskList).map(([name, task]) => [name, counted(task)])),
      pgPool: givenBackOnce(database),
      noHandleSignals: true,
      logger: quiet,
      events,
      // Without a delay, even of nothing, a job's end that cannot be written down is a rejection that nobody handles.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
    runner.promise.then(() => resolve(null), resolve);
    return { over, stop: () => runner.stop().catch(() => {}) };
  }

  /** A task that is known to be under way. */
  function counted(task: TaskList[string]): TaskList[string] {
    return async (...given) => {
      const done = Promise.resolve(task?.(...given)).then(() => {});
      underWay.add(done);
      try {
        await done;
      } finally {
        underWay.delete(done);
      }
    };
  }

  async function follow(first: Life): Promise<void> {
    for (let current: Life | null = first; current !== null; current = await again()) {
      life = current;
      const trouble = await current.over;
      life = null;
      if (trouble !== null) onError(trouble, 'worker');
      void current.stop();
      // What it still does must not be done by the next at the same time.
      await Promise.allSettled(underWay);
    }
  }

  async function again(): Promise<Life | null> {
    while (!stopping.signal.aborted) {
      await delay(AGAIN_AFTER, undefined, { signal: stopping.signal }).catch(() => {});
      const begun = stopping.signal.aborted ? null : await begin().catch(() => null);
      if (begun !== null && stopping.signal.aborted) void begun.stop();
      if (begun !== null) return begun;
    }
    return null;
  }
}

/**
 * The pool as the library may use it. Stopped while it begins to listen for jobs, it gives that connection back, and
 * once more when the listening comes to nothing: an error that nobody could catch.
 */
function givenBackOnce(database: Database): Database {
  type Taken = Parameters<Database['connect']>[0];
  const connect = (taken?: Taken): Promise<PoolClient> | void => {
    if (taken === undefined) return database.connect();
    database.connect((error, client, release) => {
      let given = false;
      taken(error, client, (reason) => {
        if (!given) release(reason);
        given = true;
      });
    });
  };
  return Object.assign(Object.create(database) as Database, { connect });
}

/** Our own log tells of errors; the library's would repeat each job's payload. */
const quiet = new Logger(() => () => {});
