import type { PublishedCatalogue } from '../../src/diagnosis/catalogueStore.ts';
import type { Queryable } from '../database.ts';

/** One version of a centre's catalogue, or null. */
export async function findCatalogue(
  db: Queryable,
  centreId: string,
  version: number,
): Promise<PublishedCatalogue | null> {
  const { rows } = await db.query<PublishedCatalogue>(
    `select version, entries, published_by as by, published_at as at, note
       from catalogues
      where centre_id = $1 and version = $2`,
    [centreId, version],
  );
  return rows[0] ?? null;
}
