import type { StoredEvent } from '../../src/events/ports.ts';
import type { Queryable } from '../database.ts';

/** The earliest events of an interaction of this centre after a seq, in order; so many at most. */
export async function listEvents(
  db: Queryable,
  centreId: string,
  interactionId: string,
  after: number,
  limit: number,
): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>({
    name: 'list-events',
    text: `select e.interaction_id as "interactionId", e.seq, e.at, e.event
           from interaction_events e join interactions i on i.id = e.interaction_id
           where e.interaction_id = $2 and i.centre_id = $1 and e.seq > $3
           order by e.seq limit $4`,
    values: [centreId, interactionId, after, limit],
  });
  return rows;
}
