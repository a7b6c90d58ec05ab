import type { NewTv } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** A new TV, or new credentials, name and customer for the centre's TV of that serial. @returns the TV's id */
export async function upsertPairedTv(database: Queryable, tv: NewTv): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    `insert into tvs (id, centre_id, serial, secret_hash, name, customer_id)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (centre_id, serial) do update
       set secret_hash = excluded.secret_hash, name = excluded.name, customer_id = excluded.customer_id
     returning id`,
    [tv.id, tv.centreId, tv.serial, tv.secretHash, tv.name, tv.customerId],
  );
  return rows[0]!.id;
}
