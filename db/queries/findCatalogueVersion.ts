import type { Queryable } from '../database.ts';

/** The version that stands; null when the centre never had a catalogue. Reads one index entry. */
export async function findCatalogueVersion(db: Queryable, centreId: string): Promise<number | null> {
  const { rows } = await db.query<{ version: number | null }>({
    name: 'find-catalogue-version',
    text: `select max(version) as version from catalogues where centre_id = $1`,
    values: [centreId],
  });
  return rows[0]?.version ?? null;
}
