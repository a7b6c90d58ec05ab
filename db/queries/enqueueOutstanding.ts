import type { Queryable } from '../database.ts';

/**
 * Queues an endpoint's deliveries that are behind: interactions it was told of before, and those opened `since`.
 * Dead ones stay dead.
 */
export async function enqueueOutstanding(
  db: Queryable,
  centreId: string,
  endpointId: string,
  since: number,
): Promise<void> {
  await db.query(
    `select graphile_worker.add_job('webhook',
              json_build_object('centreId', i.centre_id, 'endpointId', $2::text, 'interactionId', i.id),
              queue_name => 'webhook:' || $2 || ':' || i.id, job_key => 'webhook:' || $2 || ':' || i.id,
              job_key_mode => 'preserve_run_at', flags => array[$2, i.centre_id])
     from interactions i
     left join webhook_deliveries d on d.endpoint_id = $2 and d.interaction_id = i.id
     where i.centre_id = $1 and i.version > coalesce(d.delivered_seq, 0)
       and (d.state = 'active' or (d.state is null and (i.opened_at >= $3 or i.ended_at is null or i.ended_at >= $3)))`,
    [centreId, endpointId, since],
  );
}
