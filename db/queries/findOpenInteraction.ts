import type { Queryable } from '../database.ts';

/** The id of what is open for a TV; at most one is. */
export async function findOpenInteraction(db: Queryable, centreId: string, tvId: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>({
    name: 'find-open-interaction',
    text: `select id from interactions
           where tv_id = $2 and centre_id = $1 and state not in ('wrapUp', 'closed', 'abandoned')`,
    values: [centreId, tvId],
  });
  return rows[0]?.id ?? null;
}
