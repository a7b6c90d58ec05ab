import type { Queryable } from '../database.ts';

/** The version of a centre's line. */
export async function findLineVersion(db: Queryable, centreId: string): Promise<number> {
  const { rows } = await db.query<{ version: number }>({
    name: 'find-line-version',
    text: `select line_version as version from centres where id = $1`,
    values: [centreId],
  });
  return rows[0]?.version ?? 0;
}
