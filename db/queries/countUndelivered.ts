import type { Queryable } from '../database.ts';

export interface Undelivered {
  /** To be tried again, or tried too often. */
  state: 'retrying' | 'dead';
  interactions: number;
  /** Since the oldest of their events happened. */
  oldestSeconds: number;
}

/** Interactions whose next event was tried in vain, at the active endpoints of all centres; a state that none is in is left out. */
export async function countUndelivered(db: Queryable): Promise<Undelivered[]> {
  const { rows } = await db.query<Undelivered>({
    name: 'count-undelivered',
    text: `select case d.state when 'dead' then 'dead' else 'retrying' end as state, count(*) as interactions,
                  (extract(epoch from now()) - min(e.at) / 1000.0)::float8 as "oldestSeconds"
           from webhook_deliveries d
           join webhook_endpoints w on w.id = d.endpoint_id and w.active
           join interaction_events e on e.interaction_id = d.interaction_id and e.seq = d.delivered_seq + 1
           where d.state = 'dead' or d.attempts > 0
           group by 1`,
  });
  return rows;
}
