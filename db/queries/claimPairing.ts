import type { PairingConfirmation } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** Marks a confirmed pairing as claimed; the row's lock lets one of several through. Null unless it is confirmed at `now`. */
export async function claimPairing(
  database: Queryable,
  deviceCodeHash: Buffer,
  now: number,
): Promise<(PairingConfirmation & { serial: string | null }) | null> {
  const { rows } = await database.query<PairingConfirmation & { serial: string | null }>(
    `update pairings set status = 'claimed'
     where device_code_hash = $1 and status = 'confirmed' and expires_at > $2
     returning centre_id as "centreId", name, customer, serial`,
    [deviceCodeHash, now],
  );
  return rows[0] ?? null;
}
