import type { CatalogueEntry } from '../../src/diagnosis/diagnosis.ts';
import type { Queryable } from '../database.ts';

/** Publishes entries as the centre's next version. Expects `lockCatalogue` before it. */
export async function insertCatalogue(
  db: Queryable,
  centreId: string,
  catalogue: { entries: CatalogueEntry[]; by: string; at: number; note: string },
): Promise<void> {
  await db.query(
    `insert into catalogues (centre_id, version, entries, published_by, published_at, note)
     select $1, coalesce(max(version), 0) + 1, $2::jsonb, $3, $4, $5
       from catalogues
      where centre_id = $1`,
    [centreId, JSON.stringify(catalogue.entries), catalogue.by, catalogue.at, catalogue.note],
  );
}
