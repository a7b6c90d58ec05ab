import type { Queryable } from '../database.ts';

/** @returns whose session it was and how many live ones remain; null when it was not live */
export async function revokeSession(
  database: Queryable,
  tokenHash: Buffer,
  now: number,
): Promise<{ subjectId: string; remaining: number } | null> {
  const { rows } = await database.query<{ subjectId: string; remaining: number }>(
    `with revoked as (
       update sessions set revoked_at = $2
       where token_hash = $1 and revoked_at is null and expires_at > $2
       returning subject_id
     )
     select subject_id as "subjectId", (
       select count(*)::int from sessions
       where sessions.subject_id = revoked.subject_id and token_hash <> $1 and revoked_at is null and expires_at > $2
     ) as remaining
     from revoked`,
    [tokenHash, now],
  );
  return rows[0] ?? null;
}
