import type { PairingConfirmation } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** @returns false when it is not pending at `now` */
export async function confirmPairing(
  database: Queryable,
  userCode: string,
  { centreId, name, customer }: PairingConfirmation,
  now: number,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `update pairings set status = 'confirmed', centre_id = $2, name = $3, customer = $4
     where user_code = $1 and status = 'pending' and expires_at > $5`,
    [userCode, centreId, name, customer, now],
  );
  return rowCount === 1;
}
