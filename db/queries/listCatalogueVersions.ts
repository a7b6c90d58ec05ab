import type { CatalogueVersion } from '../../src/diagnosis/catalogueStore.ts';
import type { Queryable } from '../database.ts';

/** The latest hundred versions without their entries, the latest first. */
export async function listCatalogueVersions(db: Queryable, centreId: string): Promise<CatalogueVersion[]> {
  const { rows } = await db.query<CatalogueVersion>(
    `select version, published_by as by, published_at as at, note, jsonb_array_length(entries) as entries
       from catalogues
      where centre_id = $1
      order by version desc
      limit 100`,
    [centreId],
  );
  return rows;
}
