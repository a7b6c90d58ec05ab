import type { Queryable } from '../database.ts';

/** Whether each of these TVs is connected, as of `at`; of one that is named twice, the last word counts. */
export async function updateTvsConnected(
  database: Queryable,
  changes: { tvId: string; connected: boolean; at: number }[],
): Promise<void> {
  const last = [...new Map(changes.map((change) => [change.tvId, change])).values()];
  // In one order, so that two services that write the same TVs wait for each other and not in a ring.
  last.sort((one, other) => (one.tvId < other.tvId ? -1 : 1));
  await database.query({
    name: 'update-tvs-connected',
    text: `update tvs set connected = told.connected, last_heard_at = told.at
     from unnest($1::text[], $2::boolean[], $3::bigint[]) as told (id, connected, at)
     where tvs.id = told.id`,
    values: [last.map(({ tvId }) => tvId), last.map(({ connected }) => connected), last.map(({ at }) => at)],
  });
}
