import type { ApiKeyListed } from '../../src/protocol/admin.ts';
import type { Queryable } from '../database.ts';

/** A centre's keys, the latest first, revoked ones too. */
export async function listApiKeys(db: Queryable, centreId: string): Promise<ApiKeyListed[]> {
  const { rows } = await db.query<ApiKeyListed>(
    `select id, name, hint, scopes, json_build_object('by', created_by, 'at', created_at) as created,
            last_used_at as "lastUsedAt",
            case when revoked_at is null then null
                 else json_build_object('by', revoked_by, 'at', revoked_at) end as revoked
     from api_keys where centre_id = $1
     order by created_at desc, id`,
    [centreId],
  );
  return rows;
}
