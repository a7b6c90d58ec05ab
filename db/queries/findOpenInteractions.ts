import type { Queryable } from '../database.ts';

/** For each TV, in their order, the id of what is open for it; at most one is. */
export async function findOpenInteractions(
  database: Queryable,
  tvs: { centreId: string; tvId: string }[],
): Promise<(string | null)[]> {
  const { rows } = await database.query<{ id: string; centreId: string; tvId: string }>({
    name: 'find-open-interactions',
    text: `select id, centre_id as "centreId", tv_id as "tvId" from interactions
     where tv_id = any($1::text[]) and state not in ('wrapUp', 'closed', 'abandoned')`,
    values: [tvs.map(({ tvId }) => tvId)],
  });
  const found = new Map(rows.map((row) => [row.tvId, row]));
  return tvs.map(({ centreId, tvId }) => {
    const open = found.get(tvId);
    return open?.centreId === centreId ? open.id : null;
  });
}
