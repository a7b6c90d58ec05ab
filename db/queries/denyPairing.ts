import type { Queryable } from '../database.ts';

/** @returns false when it is not pending at `now` */
export async function denyPairing(database: Queryable, userCode: string, now: number): Promise<boolean> {
  const { rowCount } = await database.query(
    `update pairings set status = 'denied' where user_code = $1 and status = 'pending' and expires_at > $2`,
    [userCode, now],
  );
  return rowCount === 1;
}
