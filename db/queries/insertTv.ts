import type { NewTv } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** @returns false when the centre has a TV of this serial */
export async function insertTv(database: Queryable, tv: NewTv): Promise<boolean> {
  const { rowCount } = await database.query(
    `insert into tvs (id, centre_id, serial, secret_hash, name, customer_id)
     select $1, $2, $3, $4, $5, (select id from customers where centre_id = $2 and id = $6)
     on conflict (centre_id, serial) do nothing`,
    [tv.id, tv.centreId, tv.serial, tv.secretHash, tv.name, tv.customerId],
  );
  return rowCount === 1;
}
