import type { Queryable } from '../database.ts';

/**
 * Gives up a claimed request that was not answered; what was asked is remembered.
 * @param at when the claim counts as made: long enough ago, the same may be asked again at once
 */
export async function releaseRequest(db: Queryable, keyId: string, idempotencyKey: string, at: number): Promise<void> {
  await db.query({
    name: 'release-request',
    text: 'update api_requests set claimed_at = $3 where key_id = $1 and idempotency_key = $2 and status is null',
    values: [keyId, idempotencyKey, at],
  });
}
