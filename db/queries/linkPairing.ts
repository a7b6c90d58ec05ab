import type { Queryable } from '../database.ts';

/** Notes which TV came of a pairing. */
export async function linkPairing(database: Queryable, deviceCodeHash: Buffer, tvId: string): Promise<void> {
  await database.query('update pairings set tv_id = $2 where device_code_hash = $1', [deviceCodeHash, tvId]);
}
