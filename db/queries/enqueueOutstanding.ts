import type { Queryable } from '../database.ts';

/**
 * Queues what active endpoints have not been told yet: interactions that are open, and those that ended after
 * `since` and after the endpoint was made. Dead deliveries stay dead; a retry that lies ahead keeps its time.
 * @param endpointId null for all endpoints of all centres
 * @param since milliseconds since the epoch
 */
export async function enqueueOutstanding(db: Queryable, endpointId: string | null, since: number): Promise<void> {
  await db.query(
    `select queue_webhook(w.centre_id, w.id, i.id)
     from webhook_endpoints w
     join interactions i on i.centre_id = w.centre_id and (i.ended_at is null or i.ended_at >= greatest($2, w.created_at))
     left join webhook_deliveries d on d.endpoint_id = w.id and d.interaction_id = i.id
     where w.active and ($1::text is null or w.id = $1)
       and coalesce(d.state, 'active') = 'active'
       and exists (select from interaction_events e
                   where e.interaction_id = i.id and e.seq > coalesce(d.delivered_seq, 0))
     order by i.id, w.id`,
    [endpointId, since],
  );
}
