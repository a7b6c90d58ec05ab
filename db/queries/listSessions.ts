import type { Queryable } from '../database.ts';

/** The live sessions of these TVs and agents at `now`, in any order. */
export async function listSessions(
  database: Queryable,
  subjectIds: string[],
  now: number,
): Promise<{ subjectId: string; tokenHash: Buffer }[]> {
  const { rows } = await database.query<{ subjectId: string; tokenHash: Buffer }>(
    `select subject_id as "subjectId", token_hash as "tokenHash" from sessions
     where subject_id = any($1::text[]) and revoked_at is null and expires_at > $2`,
    [subjectIds, now],
  );
  return rows;
}
