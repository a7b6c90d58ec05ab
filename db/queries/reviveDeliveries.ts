import type { Queryable } from '../database.ts';

/**
 * Starts deliveries of an endpoint of this centre anew from where they stopped.
 * @param interactionId null for all that are dead; else this one, dead or waiting for its next try
 * @returns the interactions
 */
export async function reviveDeliveries(
  db: Queryable,
  centreId: string,
  endpointId: string,
  interactionId: string | null,
  change: { by: string; at: number },
): Promise<string[]> {
  const { rows } = await db.query<{ interactionId: string }>(
    `update webhook_deliveries
     set state = 'active', attempts = 0, next_try_at = null, replayed_by = $4, replayed_at = $5
     where endpoint_id = $2 and centre_id = $1
       and (interaction_id = $3 and (state = 'dead' or attempts > 0) or $3::text is null and state = 'dead')
     returning interaction_id as "interactionId"`,
    [centreId, endpointId, interactionId, change.by, change.at],
  );
  return rows.map((row) => row.interactionId);
}
