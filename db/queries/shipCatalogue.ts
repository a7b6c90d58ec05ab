import type { CatalogueEntry } from '../../src/diagnosis/diagnosis.ts';
import type { Queryable } from '../database.ts';

/** Gives a centre that never published the shipped catalogue as version 1, from the day it was created. */
export async function shipCatalogue(db: Queryable, centreId: string, entries: CatalogueEntry[]): Promise<void> {
  await db.query(
    `insert into catalogues (centre_id, version, entries, published_by, published_at, note)
     select id, 1, $2::jsonb, 'Couchline', (extract(epoch from created_at) * 1000)::bigint, 'Shipped with the service'
       from centres
      where id = $1 and not exists (select from catalogues where centre_id = $1)
     on conflict do nothing`,
    [centreId, JSON.stringify(entries)],
  );
}
