import type { Queryable } from '../database.ts';

/** Null unless it is pending at `now`. It belongs to no contact centre yet. */
export async function findPendingPairing(
  database: Queryable,
  userCode: string,
  now: number,
): Promise<{ model: string; serial: string | null; expiresAt: number } | null> {
  const { rows } = await database.query<{ model: string; serial: string | null; expiresAt: number }>(
    `select model, serial, expires_at as "expiresAt" from pairings
     where user_code = $1 and status = 'pending' and expires_at > $2`,
    [userCode, now],
  );
  return rows[0] ?? null;
}
