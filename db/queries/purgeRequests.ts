import type { Queryable } from '../database.ts';

/** Forgets what was answered to API requests more than a day ago; a repetition later than that is a new request. */
export async function purgeRequests(db: Queryable): Promise<void> {
  await db.query(`delete from api_requests where claimed_at < (extract(epoch from now()) - 86400) * 1000`);
}
