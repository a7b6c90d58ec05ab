import { agentOf, type Interaction } from '../../src/interaction/interaction.ts';
import type { Queryable } from '../database.ts';

/**
 * Keeps a new snapshot under its version: inserted when `fromVersion` is 0, else replaced if
 * nobody wrote since.
 * @returns false when somebody did, or when the TV has something open already
 */
export async function saveInteraction(
  db: Queryable,
  next: Interaction,
  fromVersion: number,
  version: number,
  at: number,
): Promise<boolean> {
  const { state } = next;
  const place = 'place' in state ? state.place : null;
  const values = [
    next.id,
    next.centreId,
    version,
    JSON.stringify(next),
    state.kind,
    agentOf(next)?.agentId ?? null,
    place?.match.queueId ?? null,
    place?.priority ?? 0,
    place?.arrivedAt ?? null,
  ];
  if (fromVersion === 0) {
    const { rowCount } = await db.query({
      name: 'insert-interaction',
      text: `insert into interactions
               (id, centre_id, version, snapshot, state, agent_id, queue_id, priority, arrived_at, tv_id, opened_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             on conflict do nothing`,
      values: [...values, next.tv.tvId, next.openedAt],
    });
    return rowCount === 1;
  }
  const { rowCount } = await db.query({
    name: 'save-interaction',
    text: `update interactions set
             version = $3, snapshot = $4, state = $5,
             -- who helped last stays on record after the end
             agent_id = case when $5 in ('closed', 'abandoned') then agent_id else $6 end,
             queue_id = coalesce($7, queue_id), priority = $8, arrived_at = coalesce($9, arrived_at),
             answered_at = case when $5 = 'active' then coalesce(answered_at, $10) else answered_at end,
             ended_at = case when $5 in ('closed', 'abandoned') then coalesce(ended_at, $10) else null end
           where id = $1 and centre_id = $2 and version = $11`,
    values: [...values, at, fromVersion],
  });
  return rowCount === 1;
}
