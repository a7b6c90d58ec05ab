import type { Queryable } from '../database.ts';

/** @returns whose session it was; null when it was not live */
export async function revokeSession(database: Queryable, tokenHash: Buffer, now: number): Promise<string | null> {
  const { rows } = await database.query<{ subjectId: string }>(
    `update sessions set revoked_at = $2
     where token_hash = $1 and revoked_at is null and expires_at > $2
     returning subject_id as "subjectId"`,
    [tokenHash, now],
  );
  return rows[0]?.subjectId ?? null;
}
