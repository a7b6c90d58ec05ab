import type { Queryable } from '../database.ts';

/** Those of these TVs and agents that have no live session at `now`. */
export async function listWithoutSession(database: Queryable, subjectIds: string[], now: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `select id from unnest($1::text[]) as given (id)
     where not exists (
       select from sessions where subject_id = id and revoked_at is null and expires_at > $2
     )`,
    [subjectIds, now],
  );
  return rows.map(({ id }) => id);
}
