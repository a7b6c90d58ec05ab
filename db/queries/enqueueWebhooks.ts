import type { Queryable } from '../database.ts';

/**
 * Queues, in the transaction that appends events, their delivery to the active endpoints of each
 * interaction's centre. One job waits for each endpoint and interaction, however many events come; a
 * retry that lies ahead keeps its time. Centres without endpoints cost one look into an index.
 * @param interactions whose events are appended; in any order, no id twice
 */
export async function enqueueWebhooks(db: Queryable, interactions: { centreId: string; id: string }[]): Promise<void> {
  await db.query({
    name: 'enqueue-webhooks',
    text: `select graphile_worker.add_job('webhook',
                    json_build_object('centreId', e.centre_id, 'endpointId', e.id, 'interactionId', i.id),
                    queue_name => 'webhook:' || e.id || ':' || i.id,
                    job_key => 'webhook:' || e.id || ':' || i.id,
                    job_key_mode => 'preserve_run_at',
                    flags => array[e.id, e.centre_id])
           from (select * from unnest($1::text[], $2::text[]) as t (centre_id, id) order by id) i
           join webhook_endpoints e on e.centre_id = i.centre_id
           where e.active`,
    values: [interactions.map((one) => one.centreId), interactions.map((one) => one.id)],
  });
}
