import type { Queryable } from '../database.ts';

/** @returns since when it was off; null when the centre has no such endpoint, or it is on */
export async function enableEndpoint(
  db: Queryable,
  centreId: string,
  endpointId: string,
  change: { by: string; at: number },
): Promise<{ disabledAt: number } | null> {
  const { rows } = await db.query<{ disabledAt: number }>(
    `update webhook_endpoints w
     set active = true, disabled_reason = null, disabled_at = null, changed_by = $3, changed_at = $4
     from (select id, disabled_at from webhook_endpoints where id = $2 and centre_id = $1 and not active for update) was
     where w.id = was.id
     returning was.disabled_at as "disabledAt"`,
    [centreId, endpointId, change.by, change.at],
  );
  return rows[0] ?? null;
}
