import type { Queryable } from '../database.ts';

/** Turns an active endpoint of this centre off, with the reason. @param by a person's name, or `receiver` */
export async function disableEndpoint(
  db: Queryable,
  centreId: string,
  endpointId: string,
  change: { reason: string; by: string; at: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'disable-endpoint',
    text: `update webhook_endpoints
           set active = false, disabled_reason = $3, disabled_at = $5, changed_by = $4, changed_at = $5
           where id = $2 and centre_id = $1 and active`,
    values: [centreId, endpointId, change.reason, change.by, change.at],
  });
  return rowCount === 1;
}
