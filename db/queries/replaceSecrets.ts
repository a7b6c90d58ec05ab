import type { Queryable } from '../database.ts';

interface Kept {
  secret: string;
  oldSecret: string | null;
}

/** Writes the same signing secrets of an endpoint in another form, unless they were changed meanwhile. */
export async function replaceSecrets(db: Queryable, endpointId: string, from: Kept, to: Kept): Promise<void> {
  await db.query(
    `update webhook_endpoints set secret = $4, old_secret = $5
     where id = $1 and secret = $2 and old_secret is not distinct from $3`,
    [endpointId, from.secret, from.oldSecret, to.secret, to.oldSecret],
  );
}
