import type { Timer } from '../../src/events/ports.ts';
import type { Queryable } from '../database.ts';

/** Queues timers within the caller's transaction; one of the same key is replaced. */
export async function setTimers(db: Queryable, timers: Timer[]): Promise<void> {
  await db.query({
    name: 'set-timers',
    text: `select graphile_worker.add_job('timer', t.payload::json, run_at => to_timestamp(t.at / 1000.0),
                                          job_key => t.key, job_key_mode => 'replace')
           from unnest($1::text[], $2::float8[], $3::text[]) as t (key, at, payload)`,
    values: [
      timers.map((timer) => timer.key),
      timers.map((timer) => timer.at),
      timers.map((timer) => JSON.stringify(timer)),
    ],
  });
}
