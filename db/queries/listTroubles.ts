import type { WebhookTrouble } from '../../src/protocol/admin.ts';
import type { Queryable } from '../database.ts';

/** Deliveries of an endpoint of this centre that are dead or tried again: dead ones first, then the latest; at most 100. */
export async function listTroubles(db: Queryable, centreId: string, endpointId: string): Promise<WebhookTrouble[]> {
  const { rows } = await db.query<WebhookTrouble>(
    `select d.interaction_id as "interactionId", tvs.name as "tvName",
            case d.state when 'dead' then 'dead' else 'retrying' end as state,
            d.delivered_seq + 1 as seq,
            (select max(seq) from interaction_events e where e.interaction_id = i.id) - d.delivered_seq as waiting,
            d.attempts,
            json_build_object('message', d.last_error, 'at', d.last_error_at) as "lastError",
            d.next_try_at as "nextTryAt",
            case when d.replayed_at is null then null
                 else json_build_object('by', d.replayed_by, 'at', d.replayed_at) end as replayed
     from webhook_deliveries d
     join interactions i on i.id = d.interaction_id
     join tvs on tvs.id = i.tv_id
     where d.endpoint_id = $2 and d.centre_id = $1 and (d.state = 'dead' or d.attempts > 0)
     order by d.state = 'dead' desc, d.last_error_at desc, d.interaction_id
     limit 100`,
    [centreId, endpointId],
  );
  return rows;
}
