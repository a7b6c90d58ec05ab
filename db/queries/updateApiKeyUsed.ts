import type { Queryable } from '../database.ts';

/** Notes when a key was used last. */
export async function updateApiKeyUsed(db: Queryable, keyId: string, at: number): Promise<void> {
  await db.query('update api_keys set last_used_at = $2 where id = $1', [keyId, at]);
}
