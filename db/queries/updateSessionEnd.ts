import type { Queryable } from '../database.ts';

export async function updateSessionEnd(database: Queryable, tokenHash: Buffer, expiresAt: number): Promise<void> {
  await database.query('update sessions set expires_at = $2 where token_hash = $1 and revoked_at is null', [
    tokenHash,
    expiresAt,
  ]);
}
