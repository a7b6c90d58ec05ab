import type { Delivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/** Queues one delivery for a time (milliseconds since the epoch), in place of whatever waits for it. */
export async function enqueueDelivery(db: Queryable, delivery: Delivery, at: number): Promise<void> {
  const { centreId, endpointId, interactionId } = delivery;
  await db.query({
    name: 'enqueue-delivery',
    text: `select graphile_worker.add_job('webhook', $1::json, job_key => $2,
                                          run_at => to_timestamp($3 / 1000.0), flags => array[$4, $5])`,
    values: [
      JSON.stringify({ centreId, endpointId, interactionId }),
      `webhook:${endpointId}:${interactionId}`,
      at,
      endpointId,
      centreId,
    ],
  });
}
