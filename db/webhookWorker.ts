/**
 * Runs queued deliveries. Apart from the worker that runs timers: receivers may take ten seconds each,
 * and nobody's place in the line waits for them.
 */
import type { Delivery } from '../src/events/webhooks/ports.ts';
import type { Database } from './database.ts';
import { enqueueOutstanding } from './queries/enqueueOutstanding.ts';
import { runJobs, type Worker } from './runner.ts';

/** Deliveries under way at once, to all receivers together, and as many jobs that wait for one of them. */
const AT_ONCE = 32;

/** What ended longer ago is looked after by whoever replays or turns on an endpoint. */
const SWEPT_MS = 24 * 60 * 60 * 1000;

/**
 * Starts taking deliveries.
 * @param options.deliver is called at least once for everything queued, and may be called while it is at it
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
  return await runJobs(database, {
    concurrency: AT_ONCE,
    // New events wake it; looking finds what was due for another try.
    pollInterval: 2000,
    forbiddenFlags: options.busy,
    taskList: {
      webhook: (payload) => options.deliver(payload as Delivery),
      // Whatever kept a delivery from being queued, a lost database for one: it is found here.
      webhookSweep: () => enqueueOutstanding(database, null, Date.now() - SWEPT_MS),
    },
    crontab: '*/10 * * * * webhookSweep',
    onError: options.onError,
  });
}
