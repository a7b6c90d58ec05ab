import type { Delivery } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/** Keeps what went wrong with a delivery; without a next try it is dead. */
export async function recordFailedDelivery(
  db: Queryable,
  { centreId, endpointId, interactionId }: Delivery,
  failure: { attempts: number; error: string; at: number; nextTryAt: number | null },
): Promise<void> {
  await db.query({
    name: 'record-failed-delivery',
    text: `insert into webhook_deliveries
             (endpoint_id, interaction_id, centre_id, attempts, last_error, last_error_at, next_try_at, state)
           values ($2, $3, $1, $4, $5, $6, $7, case when $7::bigint is null then 'dead' else 'active' end)
           on conflict (endpoint_id, interaction_id) do update
           set attempts = excluded.attempts, last_error = excluded.last_error, last_error_at = excluded.last_error_at,
               next_try_at = excluded.next_try_at, state = excluded.state`,
    values: [centreId, endpointId, interactionId, failure.attempts, failure.error, failure.at, failure.nextTryAt],
  });
}
