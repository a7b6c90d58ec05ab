import type { ClaimedDelivery, Outstanding } from '../../src/events/webhooks/ports.ts';
import type { Queryable } from '../database.ts';

const FREE = '(d.claim is null or d.claim = excluded.claim or d.claimed_until <= now())';

/**
 * Claims what an active endpoint has to be told of an interaction of its centre, unless somebody else holds it, and
 * reads at most `limit` events after the cursor. Claimed again under its own name it is held for as long again.
 * @param forMs how long the claim counts, by the database's clock
 * @returns until when another holds it, in milliseconds since the epoch; null when the endpoint is off or gone, or
 *   the delivery is dead
 */
export async function claimDelivery(
  db: Queryable,
  { centreId, endpointId, interactionId, claim }: ClaimedDelivery,
  forMs: number,
  now: number,
  limit: number,
): Promise<Outstanding | { heldUntil: number } | null> {
  const { rows } = await db.query<(Outstanding & { heldUntil: null }) | { heldUntil: number }>({
    name: 'claim-delivery',
    text: `with target as (
             select w.id, w.centre_id, w.url, w.event_types, tvs.serial, i.id as interaction_id,
                    array_remove(array[w.secret, case when w.old_secret_until > $6 then w.old_secret end], null) as secrets
             from webhook_endpoints w
             join interactions i on i.centre_id = w.centre_id
             join tvs on tvs.id = i.tv_id
             where w.id = $2 and w.centre_id = $1 and w.active and i.id = $3
           ),
           claimed as (
             insert into webhook_deliveries as d (endpoint_id, interaction_id, centre_id, claim, claimed_until)
             select id, interaction_id, centre_id, $4, now() + $5 * interval '1 millisecond' from target
             on conflict (endpoint_id, interaction_id) do update
             set claim = case when ${FREE} then excluded.claim else d.claim end,
                 claimed_until = case when ${FREE} then excluded.claimed_until else d.claimed_until end,
                 asked_meanwhile = not ${FREE}
             where d.state = 'active'
             returning d.*
           )
           select case when c.claim <> $4 then extract(epoch from c.claimed_until)::float8 * 1000 end as "heldUntil",
                  t.url, t.event_types as "eventTypes", t.serial, t.secrets, c.attempts, c.next_try_at as "nextTryAt",
                  coalesce((select jsonb_agg(jsonb_build_object('interactionId', e.interaction_id, 'seq', e.seq,
                                                                'at', e.at, 'event', e.event) order by e.seq)
                            from (select * from interaction_events
                                  where interaction_id = c.interaction_id and seq > c.delivered_seq
                                  order by seq limit $7) e), '[]') as events
           from target t join claimed c on true`,
    values: [centreId, endpointId, interactionId, claim, forMs, now, limit],
  });
  const [found] = rows;
  if (found === undefined) return null;
  if (found.heldUntil !== null) return { heldUntil: found.heldUntil };
  const { url, secrets, eventTypes, serial, attempts, nextTryAt, events } = found;
  return { url, secrets, eventTypes, serial, attempts, nextTryAt, events };
}
