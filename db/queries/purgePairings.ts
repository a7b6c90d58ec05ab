import type { Queryable } from '../database.ts';

/** Of every contact centre: most never came to belong to one. */
export async function purgePairings(database: Queryable, before: number): Promise<void> {
  await database.query('delete from pairings where expires_at < $1', [before]);
}
