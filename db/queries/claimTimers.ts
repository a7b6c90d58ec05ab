import type { Timer } from '../../src/events/ports.ts';
import type { Queryable } from '../database.ts';

/**
 * Claims timers that are due at `now` (milliseconds since the epoch) and nobody else's, the oldest first. For ten
 * seconds nobody else gets them; the database's own clock tells when those are over.
 */
export async function claimTimers(db: Queryable, now: number, limit: number): Promise<Timer[]> {
  const { rows } = await db.query<{ timer: Timer }>({
    name: 'claim-timers',
    text: `update timers set claimed_until = now() + interval '10 seconds'
            where key in (select key from timers
                           where at <= $1 and (claimed_until is null or claimed_until < now())
                           order by at limit $2 for update skip locked)
           returning timer`,
    values: [now, limit],
  });
  return rows.map(({ timer }) => timer);
}
