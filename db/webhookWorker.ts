/**
 * Runs queued deliveries. Apart from the worker that runs timers: receivers may take ten seconds each,
 * and nobody's place in the line waits for them.
 */
import { Logger, run } from 'graphile-worker';
import type { Delivery } from '../src/events/webhooks/ports.ts';
import type { Database } from './database.ts';
import type { Worker } from './worker.ts';

/** Deliveries under way at once, to all receivers together. */
const AT_ONCE = 16;

/**
 * Starts taking deliveries.
 * @param options.deliver is called at least once for everything queued; never twice at once for the same delivery
 * @param options.busy ids of endpoints and centres that are passed over for now
 */
export async function startWebhookWorker(
  database: Database,
  options: {
    deliver: (delivery: Delivery) => Promise<void>;
    busy: () => string[];
    onError: (error: unknown, job: string) => void;
  },
): Promise<Worker> {
  const runner = await run({
    pgPool: database,
    concurrency: AT_ONCE,
    // New events wake it; looking finds what was due for another try.
    pollInterval: 2000,
    noHandleSignals: true,
    logger: new Logger(() => () => {}),
    forbiddenFlags: options.busy,
    taskList: { webhook: (payload) => options.deliver(payload as Delivery) },
  });
  let running = true;
  runner.events.on('job:error', ({ error, job }) => options.onError(error, job.task_identifier));
  void runner.promise.then(
    () => (running = false),
    (error: unknown) => {
      running = false;
      options.onError(error, 'webhook worker');
    },
  );
  return {
    running: () => running,
    async stop() {
      if (running) await runner.stop();
    },
  };
}
