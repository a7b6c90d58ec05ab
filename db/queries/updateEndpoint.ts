import type { EndpointWish } from '../../src/events/webhooks/endpoints.ts';
import type { Queryable } from '../database.ts';

/** @returns false when the centre has no such endpoint */
export async function updateEndpoint(
  db: Queryable,
  centreId: string,
  endpointId: string,
  wish: EndpointWish,
  change: { by: string; at: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update webhook_endpoints set url = $3, description = $4, event_types = $5, changed_by = $6, changed_at = $7
     where id = $2 and centre_id = $1`,
    [centreId, endpointId, wish.url, wish.description, wish.eventTypes, change.by, change.at],
  );
  return rowCount === 1;
}
