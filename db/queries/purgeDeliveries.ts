import type { Queryable } from '../database.ts';

/** Forgets deliveries that came to their end more than thirty days ago. */
export async function purgeDeliveries(db: Queryable): Promise<void> {
  await db.query(
    `delete from webhook_deliveries d using interactions i
     where i.id = d.interaction_id and d.state = 'active' and d.delivered_seq >= i.version
       and i.state in ('closed', 'abandoned')
       and i.ended_at < (extract(epoch from now()) - 30 * 86400) * 1000`,
  );
}
