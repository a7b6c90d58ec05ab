import type { TvListed } from '../../src/protocol/api.ts';
import type { Queryable } from '../database.ts';

/** By name, connected ones first; at most 100. */
export async function listTvs(database: Queryable, centreId: string, search: string): Promise<TvListed[]> {
  const { rows } = await database.query<TvListed>(
    `select tvs.id, tvs.name, tvs.serial, coalesce(tvs.told->>'model', '') as model,
            coalesce(tvs.told->>'firmware', '') as firmware, customers.name as "customerName", tvs.connected,
            tvs.last_heard_at as "lastHeardAt", open.id as "openInteractionId"
     from tvs
     left join customers on customers.id = tvs.customer_id and customers.centre_id = tvs.centre_id
     left join interactions open
       on open.tv_id = tvs.id and open.centre_id = tvs.centre_id and open.state not in ('wrapUp', 'closed', 'abandoned')
     where tvs.centre_id = $1
       and ($2 = '' or strpos(lower(concat_ws(' ', tvs.name, tvs.serial, customers.name)), lower($2)) > 0)
     order by tvs.connected desc, lower(tvs.name), tvs.id
     limit 100`,
    [centreId, search],
  );
  return rows;
}
