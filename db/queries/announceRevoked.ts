import type { Queryable } from '../database.ts';

/** Where services hear of revoked sessions (db/notices.ts); what is said is the TV's or agent's id. */
export const REVOKED_CHANNEL = 'couchline_revoked';

/** Heard by every service on this database once the transaction is committed. */
export async function announceRevoked(database: Queryable, subjectId: string): Promise<void> {
  await database.query('select pg_notify($1, $2)', [REVOKED_CHANNEL, subjectId]);
}
