import type { Queue } from '../../src/routing/routing.ts';
import type { Queryable } from '../database.ts';

/** The queues of a centre, by order. */
export async function listQueues(db: Queryable, centreId: string): Promise<Queue[]> {
  const { rows } = await db.query<Queue>({
    name: 'list-queues',
    text: `select id, name, ord as "order", operator, model, region, skills
           from queues where centre_id = $1 order by ord`,
    values: [centreId],
  });
  return rows;
}
