import type { Queryable } from '../database.ts';

/** Until the transaction ends, nobody else edits the catalogue of this centre. */
export async function lockCatalogue(db: Queryable, centreId: string): Promise<void> {
  await db.query({
    name: 'lock-catalogue',
    text: `select pg_advisory_xact_lock(hashtextextended($1, 42))`,
    values: [centreId],
  });
}
