import type { Versioned } from '../../src/events/ports.ts';
import type { Interaction } from '../../src/interaction/interaction.ts';
import type { Queryable } from '../database.ts';

/** The snapshot of an interaction of this centre, with the seq of its last event. */
export async function loadInteraction(
  db: Queryable,
  centreId: string,
  interactionId: string,
): Promise<Versioned<Interaction> | null> {
  const { rows } = await db.query<Versioned<Interaction>>({
    name: 'load-interaction',
    // A snapshot that an event did not change is not written anew.
    text: `select snapshot as value,
                  (select max(seq) from interaction_events where interaction_id = $2) as version
             from interactions where id = $2 and centre_id = $1`,
    values: [centreId, interactionId],
  });
  return rows[0] ?? null;
}
