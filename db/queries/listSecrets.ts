import type { Queryable } from '../database.ts';

/** The signing secrets of every endpoint of every centre, as they are kept. */
export async function listSecrets(db: Queryable): Promise<{ id: string; secret: string; oldSecret: string | null }[]> {
  const { rows } = await db.query<{ id: string; secret: string; oldSecret: string | null }>(
    `select id, secret, old_secret as "oldSecret" from webhook_endpoints order by id`,
  );
  return rows;
}
