import type { Delivery, Outstanding } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

/**
 * What an active endpoint has to be told next of an interaction of its centre: at most `limit` events after the
 * cursor. Null when the endpoint is off or gone, or the delivery is dead.
 */
export async function findOutstanding(
  db: Queryable,
  { centreId, endpointId, interactionId }: Delivery,
  now: number,
  limit: number,
): Promise<Outstanding | null> {
  const { rows } = await db.query<Outstanding>({
    name: 'find-outstanding',
    text: `select w.url, w.event_types as "eventTypes", tvs.serial,
                  array_remove(array[w.secret, case when w.old_secret_until > $4 then w.old_secret end], null) as secrets,
                  coalesce(d.attempts, 0) as attempts, d.next_try_at as "nextTryAt",
                  coalesce((select jsonb_agg(jsonb_build_object('interactionId', e.interaction_id, 'seq', e.seq,
                                                                'at', e.at, 'event', e.event) order by e.seq)
                            from (select * from interaction_events
                                  where interaction_id = i.id and seq > coalesce(d.delivered_seq, 0)
                                  order by seq limit $5) e), '[]') as events
           from webhook_endpoints w
           join interactions i on i.centre_id = w.centre_id
           join tvs on tvs.id = i.tv_id
           left join webhook_deliveries d on d.endpoint_id = w.id and d.interaction_id = i.id
           where w.id = $2 and w.centre_id = $1 and w.active and i.id = $3 and coalesce(d.state, 'active') = 'active'`,
    values: [centreId, endpointId, interactionId, now, limit],
  });
  return rows[0] ?? null;
}
