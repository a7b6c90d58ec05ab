import type { Queryable } from '../database.ts';

/** Forgets commands taken more than a week ago; no client repeats one that long. */
export async function purgeTaken(db: Queryable): Promise<void> {
  await db.query(`delete from commands_taken where taken_at < now() - interval '7 days'`);
}
