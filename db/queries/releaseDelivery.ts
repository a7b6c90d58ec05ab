import type { ClaimedDelivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/**
 * Gives a claim up, if it is still held.
 * @param unlessAsked keeps it when somebody was refused it meanwhile, since its holder is counted on for their news
 * @returns whether it was given up
 */
export async function releaseDelivery(
  db: Queryable,
  { centreId, endpointId, interactionId, claim }: ClaimedDelivery,
  unlessAsked: boolean,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'release-delivery',
    text: `update webhook_deliveries set claim = null, claimed_until = null
           where endpoint_id = $2 and interaction_id = $3 and centre_id = $1 and claim = $4
             and not (asked_meanwhile and $5)`,
    values: [centreId, endpointId, interactionId, claim, unlessAsked],
  });
  return rowCount === 1;
}
