import type { Queryable } from '../database.ts';

/** Gives up a claimed request that was not answered: it may be repeated at once. */
export async function releaseRequest(db: Queryable, keyId: string, idempotencyKey: string): Promise<void> {
  await db.query({
    name: 'release-request',
    text: 'delete from api_requests where key_id = $1 and idempotency_key = $2 and status is null',
    values: [keyId, idempotencyKey],
  });
}
