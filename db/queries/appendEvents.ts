import type { StoredEvent } from '../../src/events/ports.ts';
import type { Queryable } from '../database.ts';

/** Appends events, all of them by one statement. A seq that is there already breaks the primary key. */
export async function appendEvents(db: Queryable, events: StoredEvent[]): Promise<void> {
  await db.query({
    name: 'append-events',
    text: `insert into interaction_events (interaction_id, seq, at, event)
           select * from unnest($1::text[], $2::int[], $3::bigint[], $4::jsonb[])`,
    values: [
      events.map((one) => one.interactionId),
      events.map((one) => one.seq),
      events.map((one) => one.at),
      events.map((one) => JSON.stringify(one.event)),
    ],
  });
}
