import type { Queryable } from '../database.ts';

/** @param secretHash SHA-256 */
export async function updateTvSecret(
  database: Queryable,
  centreId: string,
  tvId: string,
  secretHash: Buffer,
): Promise<void> {
  await database.query('update tvs set secret_hash = $3 where centre_id = $1 and id = $2', [
    centreId,
    tvId,
    secretHash,
  ]);
}
