import type { Queryable } from '../database.ts';

/** Keeps the answer of a claimed request, for its repetitions. */
export async function answerRequest(
  db: Queryable,
  keyId: string,
  idempotencyKey: string,
  answer: { status: number; body: unknown },
): Promise<void> {
  await db.query({
    name: 'answer-request',
    text: `update api_requests set status = $3, answer = $4 where key_id = $1 and idempotency_key = $2 and status is null`,
    values: [keyId, idempotencyKey, answer.status, JSON.stringify(answer.body)],
  });
}
