import type { ClaimedDelivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/**
 * Keeps what went wrong with a delivery and gives it out of hand; without a next try it is dead.
 * @returns false when the claim was lost meanwhile: whoever has it now knows better
 */
export async function recordFailedDelivery(
  db: Queryable,
  { centreId, endpointId, interactionId, claim }: ClaimedDelivery,
  failure: { attempts: number; error: string; at: number; nextTryAt: number | null },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'record-failed-delivery',
    text: `update webhook_deliveries
           set attempts = $5, last_error = $6, last_error_at = $7, next_try_at = $8,
               state = case when $8::bigint is null then 'dead' else 'active' end, claim = null, claimed_until = null
           where endpoint_id = $2 and interaction_id = $3 and centre_id = $1 and claim = $4`,
    values: [
      centreId,
      endpointId,
      interactionId,
      claim,
      failure.attempts,
      failure.error,
      failure.at,
      failure.nextTryAt,
    ],
  });
  return rowCount === 1;
}
