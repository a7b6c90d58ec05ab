import type { WebhookListed } from '../../src/protocol/admin.ts';
import type { Queryable } from '../database.ts';

/** A centre's endpoints in the order they were made, with how their deliveries stand. */
export async function listEndpoints(db: Queryable, centreId: string, now: number): Promise<WebhookListed[]> {
  const { rows } = await db.query<WebhookListed>(
    `select w.id, w.url, w.description, w.event_types as "eventTypes", w.active,
            case when w.active then null
                 else json_build_object('reason', w.disabled_reason, 'at', w.disabled_at) end as disabled,
            case when w.old_secret_until > $2 then w.old_secret_until end as "oldSecretUntil",
            json_build_object('by', w.created_by, 'at', w.created_at) as created,
            json_build_object('by', w.changed_by, 'at', w.changed_at) as changed,
            json_build_object(
              'upToDate', (select count(*) from webhook_deliveries d
                           where d.endpoint_id = w.id and d.state = 'active' and d.attempts = 0),
              'retrying', (select count(*) from webhook_deliveries d
                           where d.endpoint_id = w.id and d.state = 'active' and d.attempts > 0),
              'dead', (select count(*) from webhook_deliveries d where d.endpoint_id = w.id and d.state = 'dead'),
              'lastDeliveredAt', (select max(d.delivered_at) from webhook_deliveries d where d.endpoint_id = w.id),
              'lastError', (select json_build_object('message', d.last_error, 'at', d.last_error_at)
                            from webhook_deliveries d
                            where d.endpoint_id = w.id and (d.state = 'dead' or d.attempts > 0)
                            order by d.last_error_at desc limit 1)) as health
     from webhook_endpoints w
     where w.centre_id = $1
     order by w.created_at, w.id`,
    [centreId, now],
  );
  return rows;
}
