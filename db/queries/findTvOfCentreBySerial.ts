import type { Queryable } from '../database.ts';

/** The TV of this serial within a centre; null when it has none. */
export async function findTvOfCentreBySerial(
  db: Queryable,
  centreId: string,
  serial: string,
): Promise<{ tvId: string } | null> {
  const { rows } = await db.query<{ tvId: string }>({
    name: 'find-tv-of-centre-by-serial',
    text: 'select id as "tvId" from tvs where centre_id = $1 and serial = $2',
    values: [centreId, serial],
  });
  return rows[0] ?? null;
}
