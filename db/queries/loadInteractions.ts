import type { Versioned } from '../../src/events/ports.ts';
import type { Interaction } from '../../src/interaction/interaction.ts';
import type { Queryable } from '../database.ts';

/** The snapshots of these interactions of this centre, each with the seq of its last event; in any order. */
export async function loadInteractions(
  db: Queryable,
  centreId: string,
  interactionIds: string[],
): Promise<Versioned<Interaction>[]> {
  const { rows } = await db.query<Versioned<Interaction>>({
    name: 'load-interactions',
    // A snapshot that an event did not change is not written anew.
    text: `select snapshot as value,
                  (select max(seq) from interaction_events where interaction_id = i.id) as version
             from interactions i where id = any ($2::text[]) and centre_id = $1`,
    values: [centreId, interactionIds],
  });
  return rows;
}
