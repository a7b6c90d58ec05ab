import type { Queryable } from '../database.ts';

export async function updateTvConnected(
  database: Queryable,
  tvId: string,
  connected: boolean,
  at: number,
): Promise<void> {
  await database.query({
    name: 'update-tv-connected',
    text: 'update tvs set connected = $2, last_heard_at = $3 where id = $1',
    values: [tvId, connected, at],
  });
}
