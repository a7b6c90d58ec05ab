import type { NewPairing } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** @returns false when the user code is taken */
export async function insertPairing(database: Queryable, pairing: NewPairing): Promise<boolean> {
  const { rowCount } = await database.query(
    `insert into pairings (device_code_hash, user_code, model, serial, status, interval_s, expires_at)
     values ($1, $2, $3, $4, 'pending', $5, $6)
     on conflict (user_code) do nothing`,
    [pairing.deviceCodeHash, pairing.userCode, pairing.model, pairing.serial, pairing.intervalS, pairing.expiresAt],
  );
  return rowCount === 1;
}
