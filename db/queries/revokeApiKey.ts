import type { Queryable } from '../database.ts';

/** @returns false when the centre has no live key of this id */
export async function revokeApiKey(
  db: Queryable,
  centreId: string,
  keyId: string,
  by: string,
  at: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update api_keys set revoked_by = $3, revoked_at = $4 where id = $2 and centre_id = $1 and revoked_at is null`,
    [centreId, keyId, by, at],
  );
  return rowCount === 1;
}
