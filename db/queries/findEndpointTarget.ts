import type { Queryable } from '../database.ts';

/** Where an endpoint of this centre is, and every secret that counts at `now`, the newest first. */
export async function findEndpointTarget(
  db: Queryable,
  centreId: string,
  endpointId: string,
  now: number,
): Promise<{ url: string; secrets: string[] } | null> {
  const { rows } = await db.query<{ url: string; secrets: string[] }>(
    `select url, array_remove(array[secret, case when old_secret_until > $3 then old_secret end], null) as secrets
     from webhook_endpoints where id = $2 and centre_id = $1`,
    [centreId, endpointId, now],
  );
  return rows[0] ?? null;
}
