import type { ApiCaller } from '../../src/registration/apiKeys.ts';
import type { Queryable } from '../database.ts';

/** Whose key it is, in whichever centre; null when it is unknown or revoked. */
export async function findApiKey(
  db: Queryable,
  hash: Buffer,
): Promise<(ApiCaller & { lastUsedAt: number | null }) | null> {
  const { rows } = await db.query<ApiCaller & { lastUsedAt: number | null }>({
    name: 'find-api-key',
    text: `select id as "keyId", centre_id as "centreId", scopes, last_used_at as "lastUsedAt"
           from api_keys where key_hash = $1 and revoked_at is null`,
    values: [hash],
  });
  return rows[0] ?? null;
}
