import type { Queryable } from '../database.ts';

export interface KeptRequest {
  fingerprint: Buffer;
  /** Null while the first is under way. */
  answer: { status: number; body: unknown } | null;
}

/**
 * Claims an idempotency key for one request of an API key's.
 * @param request.staleBefore a claim without an answer that is older was cut off, and is taken over
 * @returns null when it is claimed now; else what is kept under it
 */
export async function claimRequest(
  db: Queryable,
  request: { keyId: string; idempotencyKey: string; fingerprint: Buffer; at: number; staleBefore: number },
): Promise<KeptRequest | null> {
  const { rowCount } = await db.query({
    name: 'claim-request',
    text: `insert into api_requests as r (key_id, idempotency_key, fingerprint, claimed_at) values ($1, $2, $3, $4)
           on conflict (key_id, idempotency_key) do update set claimed_at = $4
           where r.status is null and r.fingerprint = $3 and r.claimed_at < $5`,
    values: [request.keyId, request.idempotencyKey, request.fingerprint, request.at, request.staleBefore],
  });
  if (rowCount === 1) return null;
  const { rows } = await db.query<{ fingerprint: Buffer; status: number | null; answer: unknown }>({
    name: 'kept-request',
    text: 'select fingerprint, status, answer from api_requests where key_id = $1 and idempotency_key = $2',
    values: [request.keyId, request.idempotencyKey],
  });
  const [row] = rows;
  // Given up in between by whoever had it: it may be claimed again.
  if (row === undefined) return { fingerprint: request.fingerprint, answer: null };
  return {
    fingerprint: row.fingerprint,
    answer: row.status === null ? null : { status: row.status, body: row.answer },
  };
}
