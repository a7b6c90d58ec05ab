import type { PairingPoll } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** Notes that the TV asked, and makes its interval longer when it asked too soon. Null when nobody has this device code. */
export async function pollPairing(
  database: Queryable,
  deviceCodeHash: Buffer,
  now: number,
  slowDownS: number,
): Promise<PairingPoll | null> {
  const { rows } = await database.query<PairingPoll>(
    `with asked as (
       select device_code_hash, coalesce($2 < polled_at + interval_s * 1000, false) as too_soon
       from pairings where device_code_hash = $1 for update
     )
     update pairings
     set polled_at = $2, interval_s = interval_s + case when too_soon then $3::int else 0 end
     from asked where pairings.device_code_hash = asked.device_code_hash
     returning status, expires_at as "expiresAt", too_soon as "tooSoon"`,
    [deviceCodeHash, now, slowDownS],
  );
  return rows[0] ?? null;
}
