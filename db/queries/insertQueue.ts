import type { Queue } from '../../src/routing/routing.ts';
import type { Queryable } from '../database.ts';

/** @returns false when the centre has it, or another one at this place of the order; nothing is changed then */
export async function insertQueue(database: Queryable, centreId: string, queue: Queue): Promise<boolean> {
  const { rowCount } = await database.query(
    `insert into queues (id, centre_id, name, ord, operator, model, region, skills)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict do nothing`,
    [queue.id, centreId, queue.name, queue.order, queue.operator, queue.model, queue.region, queue.skills],
  );
  return rowCount === 1;
}
