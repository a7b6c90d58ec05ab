import type { ClaimedDelivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/**
 * Moves a delivery's cursor forward, never back. What arrived is kept also when the claim was lost meanwhile.
 * @param at null when the event was left out rather than delivered
 * @returns false when the claim is not held any more
 */
export async function advanceDelivery(
  db: Queryable,
  { centreId, endpointId, interactionId, claim }: ClaimedDelivery,
  seq: number,
  at: number | null,
): Promise<boolean> {
  const { rows } = await db.query<{ held: boolean }>({
    name: 'advance-delivery',
    text: `update webhook_deliveries
           set delivered_seq = greatest(delivered_seq, $4),
               delivered_at = coalesce($5, delivered_at),
               attempts = case when delivered_seq < $4 then 0 else attempts end,
               next_try_at = case when delivered_seq < $4 then null else next_try_at end
           where endpoint_id = $2 and interaction_id = $3 and centre_id = $1
           returning claim is not distinct from $6 as held`,
    values: [centreId, endpointId, interactionId, seq, at, claim],
  });
  return rows[0]?.held ?? false;
}
