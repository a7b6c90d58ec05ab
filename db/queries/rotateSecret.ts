import type { Queryable } from '../database.ts';

/** Gives an endpoint a new secret, as it is to be kept; the one that stood counts until `oldUntil`. @returns false when the centre has no such endpoint */
export async function rotateSecret(
  db: Queryable,
  centreId: string,
  endpointId: string,
  secret: string,
  oldUntil: number,
  change: { by: string; at: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update webhook_endpoints
     set old_secret = secret, old_secret_until = $4, secret = $3, changed_by = $5, changed_at = $6
     where id = $2 and centre_id = $1`,
    [centreId, endpointId, secret, oldUntil, change.by, change.at],
  );
  return rowCount === 1;
}
