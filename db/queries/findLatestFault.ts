import type { FaultCondition } from '../../src/interaction/facts.ts';
import type { Queryable } from '../database.ts';

/** The fault that an interaction's TV told last after its request (IX16); null when it told no other. */
export async function findLatestFault(
  db: Queryable,
  centreId: string,
  interactionId: string,
): Promise<FaultCondition | null> {
  const { rows } = await db.query<{ fault: FaultCondition }>({
    name: 'find-latest-fault',
    text: `select e.event->'fault' as fault
             from interaction_events e join interactions i on i.id = e.interaction_id
            where i.centre_id = $1 and e.interaction_id = $2
              and e.event->>'type' = 'updated' and jsonb_typeof(e.event->'fault') = 'object'
            order by e.seq desc
            limit 1`,
    values: [centreId, interactionId],
  });
  return rows[0]?.fault ?? null;
}
