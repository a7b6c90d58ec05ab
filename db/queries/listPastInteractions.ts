import type { PastInteraction } from '../../src/protocol/api.ts';
import type { Queryable } from '../database.ts';

/** Newest first, at most 50. */
export async function listPastInteractions(
  database: Queryable,
  centreId: string,
  tvId: string,
): Promise<PastInteraction[]> {
  const { rows } = await database.query<PastInteraction>(
    `select past.id, past.opened_at as "openedAt", past.ended_at as "endedAt",
            past.snapshot->'request'->'fault'->>'code' as "faultCode",
            past.snapshot->'request'->'fault'->>'title' as "faultTitle",
            case when past.answered_at is not null then agents.name end as "agentName",
            case past.state when 'abandoned' then 'abandoned' else closed.event->>'disposition' end as outcome,
            coalesce(closed.event->>'note', '') as note
     from interactions past
     left join agents on agents.id = past.agent_id and agents.centre_id = past.centre_id
     left join lateral (
       select event from interaction_events
       where interaction_id = past.id and event->>'type' = 'closed'
       order by seq desc limit 1
     ) closed on past.state = 'closed'
     where past.centre_id = $1 and past.tv_id = $2
     order by past.opened_at desc, past.id
     limit 50`,
    [centreId, tvId],
  );
  return rows;
}
