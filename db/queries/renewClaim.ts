import type { ClaimedDelivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/** Holds a claim for `forMs` from now, unless somebody else has the delivery by now. */
export async function renewClaim(
  db: Queryable,
  { centreId, endpointId, interactionId, claim }: ClaimedDelivery,
  forMs: number,
): Promise<void> {
  await db.query({
    name: 'renew-claim',
    text: `update webhook_deliveries set claimed_until = now() + $5 * interval '1 millisecond'
           where endpoint_id = $2 and interaction_id = $3 and centre_id = $1 and claim = $4`,
    values: [centreId, endpointId, interactionId, claim, forMs],
  });
}
