import type { Timer } from '../../src/events/ports.ts';
import type { Queryable } from '../database.ts';

/** Takes away timers that were said; one that was set anew meanwhile stays. */
export async function deleteTimers(db: Queryable, said: Timer[]): Promise<void> {
  await db.query({
    name: 'delete-timers',
    text: `delete from timers t using unnest($1::text[], $2::bigint[]) as s (key, at)
            where t.key = s.key and t.at = s.at and t.claimed_until is not null`,
    values: [said.map(({ key }) => key), said.map(({ at }) => at)],
  });
}
