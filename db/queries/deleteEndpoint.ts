import type { Queryable } from '../database.ts';

/**
 * Removes an endpoint of this centre with its deliveries. What is queued for it finds nothing and ends.
 * @returns how many interactions had events that it was not told yet; null when the centre has no such endpoint
 */
export async function deleteEndpoint(db: Queryable, centreId: string, endpointId: string): Promise<number | null> {
  const { rows } = await db.query<{ undelivered: number }>(
    `with deleted as (
       delete from webhook_endpoints where id = $2 and centre_id = $1 returning id, centre_id, created_at
     )
     select (select count(*)::int
             from interactions i
             left join webhook_deliveries d on d.endpoint_id = w.id and d.interaction_id = i.id
             where i.centre_id = w.centre_id and i.version > coalesce(d.delivered_seq, 0)
               -- what came to its end is forgotten after thirty days, and was delivered before that
               and (i.ended_at is null or d.endpoint_id is not null
                    or i.ended_at >= greatest(w.created_at, (extract(epoch from now()) - 29 * 86400) * 1000))
            ) as undelivered
     from deleted w`,
    [centreId, endpointId],
  );
  return rows[0]?.undelivered ?? null;
}
