import type { ApiScope } from '../../src/protocol/apiScopes.ts';
import type { Queryable } from '../database.ts';

export async function insertApiKey(
  db: Queryable,
  centreId: string,
  key: { id: string; name: string; hash: Buffer; hint: string; scopes: ApiScope[]; by: string; at: number },
): Promise<void> {
  await db.query(
    `insert into api_keys (id, centre_id, name, key_hash, hint, scopes, created_by, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [key.id, centreId, key.name, key.hash, key.hint, key.scopes, key.by, key.at],
  );
}
