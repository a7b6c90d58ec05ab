import type { Queryable } from '../database.ts';

/** In every contact centre: nobody is connected to a service that just started. */
export async function disconnectTvs(database: Queryable): Promise<void> {
  await database.query('update tvs set connected = false where connected');
}
