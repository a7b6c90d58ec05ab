import type { Queryable } from '../database.ts';

/** Mean seconds from answer to end over a centre's latest fifty; null when there are none. */
export async function meanHandling(db: Queryable, centreId: string): Promise<number | null> {
  const { rows } = await db.query<{ seconds: number | null }>({
    name: 'mean-handling',
    text: `select (avg(ended_at - answered_at) / 1000)::float8 as seconds
           from (select ended_at, answered_at from interactions
                 where centre_id = $1 and answered_at is not null and ended_at is not null
                 order by ended_at desc limit 50) latest`,
    values: [centreId],
  });
  return rows[0]?.seconds ?? null;
}
