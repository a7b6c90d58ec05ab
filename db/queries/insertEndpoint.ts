import type { EndpointWish } from '../../src/events/webhooks/endpoints.ts';
import type { Queryable } from '../database.ts';

/** Keeps the secret as it is given. @returns false when the centre has `most` endpoints already */
export async function insertEndpoint(
  db: Queryable,
  centreId: string,
  endpoint: EndpointWish & { id: string; secret: string },
  change: { by: string; at: number },
  most: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into webhook_endpoints (id, centre_id, url, description, event_types, secret,
                                    created_by, created_at, changed_by, changed_at)
     select $1, $2, $3, $4, $5, $6, $7, $8, $7, $8
     where (select count(*) from webhook_endpoints where centre_id = $2) < $9`,
    [
      endpoint.id,
      centreId,
      endpoint.url,
      endpoint.description,
      endpoint.eventTypes,
      endpoint.secret,
      change.by,
      change.at,
      most,
    ],
  );
  return rowCount === 1;
}
