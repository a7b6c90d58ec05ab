import type { Delivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/**
 * Queues a look at a delivery that another process has in hand, in case that process is gone. Beside what is queued
 * for the delivery itself, which keeps its time when news comes and would make it wait.
 * @param at milliseconds since the epoch
 */
export async function enqueueLook(db: Queryable, delivery: Delivery, at: number): Promise<void> {
  const { centreId, endpointId, interactionId } = delivery;
  await db.query({
    name: 'enqueue-look',
    text: `select graphile_worker.add_job('webhook', $1::json, job_key => $2, job_key_mode => 'preserve_run_at',
                                          run_at => to_timestamp($3 / 1000.0), flags => array[$4, $5])`,
    values: [
      JSON.stringify({ centreId, endpointId, interactionId }),
      `webhookLook:${endpointId}:${interactionId}`,
      at,
      endpointId,
      centreId,
    ],
  });
}
