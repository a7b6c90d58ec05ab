import type { Delivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/** Queues one delivery for a time (milliseconds since the epoch), in place of whatever waits for it. */
export async function enqueueDelivery(db: Queryable, delivery: Delivery, at: number): Promise<void> {
  const { centreId, endpointId, interactionId } = delivery;
  await db.query({
    name: 'enqueue-delivery',
    text: `select queue_webhook($1, $2, $3, to_timestamp($4 / 1000.0))`,
    values: [centreId, endpointId, interactionId, at],
  });
}
