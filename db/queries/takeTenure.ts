import type { Queryable } from '../database.ts';

/** What stands for serving a database among Postgres' advisory locks. */
export const TENURE = [1_668_248_931, 1];

/** Takes the lock for as long as this connection lasts. @returns false when another connection has it */
export async function takeTenure(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', TENURE);
  return rows[0]?.taken === true;
}
