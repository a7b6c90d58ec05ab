import type { Waiting } from '../../src/routing/routing.ts';
import type { Queryable } from '../database.ts';

/**
 * Who waits in a centre's line, in order.
 * @param states `queued` alone for routing; with `offered` for places as viewers see them
 */
export async function listLine(
  db: Queryable,
  centreId: string,
  states: ('queued' | 'offered')[],
): Promise<(Waiting & { tvId: string })[]> {
  const { rows } = await db.query<Waiting & { tvId: string }>({
    name: 'list-line',
    text: `select id as "interactionId", tv_id as "tvId", queue_id as "queueId", priority, arrived_at as "arrivedAt",
                  snapshot->'state'->'place'->'match'->'preferredAgentIds' as "preferredAgentIds",
                  (snapshot->'state'->'place'->'match'->>'preferredUntil')::bigint as "preferredUntil",
                  snapshot->'state'->'declinedBy' as "declinedBy",
                  (snapshot->'state'->>'askAgainAt')::bigint as "askAgainAt"
           from interactions
           where centre_id = $1 and state = any ($2)
           order by priority desc, arrived_at, id`,
    values: [centreId, states],
  });
  return rows;
}
