import type { Queryable } from '../database.ts';

/** Until the transaction ends, nobody else offers in this centre: the order of the line depends on it. */
export async function lockLine(db: Queryable, centreId: string): Promise<void> {
  await db.query({
    name: 'lock-line',
    text: `select pg_advisory_xact_lock(hashtextextended($1, 185))`,
    values: [centreId],
  });
}
