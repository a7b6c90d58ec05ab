import type { Delivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/** Moves a delivery's cursor forward, never back. @param at null when the event was left out rather than delivered */
export async function advanceDelivery(
  db: Queryable,
  { centreId, endpointId, interactionId }: Delivery,
  seq: number,
  at: number | null,
): Promise<void> {
  await db.query({
    name: 'advance-delivery',
    text: `insert into webhook_deliveries as d (endpoint_id, interaction_id, centre_id, delivered_seq, delivered_at)
           values ($2, $3, $1, $4, $5)
           on conflict (endpoint_id, interaction_id) do update
           set delivered_seq = $4, delivered_at = coalesce($5, d.delivered_at), attempts = 0, next_try_at = null
           where d.delivered_seq < $4`,
    values: [centreId, endpointId, interactionId, seq, at],
  });
}
