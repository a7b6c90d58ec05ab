import type { Queryable } from '../database.ts';

/** Every session of one TV or agent. */
export async function revokeSessions(database: Queryable, subjectId: string, now: number): Promise<void> {
  await database.query('update sessions set revoked_at = $2 where subject_id = $1 and revoked_at is null', [
    subjectId,
    now,
  ]);
}
