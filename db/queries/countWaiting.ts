import type { Queryable } from '../database.ts';

/** How many wait in each queue of every centre, those with a standing offer included: for whoever runs the service. */
export async function countWaiting(db: Queryable): Promise<{ centreId: string; queueId: string; waiting: number }[]> {
  const { rows } = await db.query<{ centreId: string; queueId: string; waiting: number }>({
    name: 'count-waiting',
    text: `select q.centre_id as "centreId", q.id as "queueId", count(i.id) as waiting
             from queues q
             left join interactions i
                    on i.centre_id = q.centre_id and i.queue_id = q.id and i.state in ('queued', 'offered')
            group by q.centre_id, q.id`,
  });
  return rows;
}
