import type { Queryable } from '../database.ts';

/** Takes queued timers back; one that is running already finds nothing left to do. */
export async function cancelTimers(db: Queryable, keys: string[]): Promise<void> {
  await db.query({
    name: 'cancel-timers',
    text: `select graphile_worker.remove_job(key) from unnest($1::text[]) as t (key)`,
    values: [keys],
  });
}
