import type { Customer, CustomerTold } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** The customer of this reference, created or with what was told filled in; what was not told stays. */
export async function upsertCustomer(database: Queryable, centreId: string, told: CustomerTold): Promise<Customer> {
  const { rows } = await database.query<Customer>(
    `insert into customers (id, centre_id, reference, name, address, number)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (centre_id, reference) do update
       set name = excluded.name,
           address = coalesce(excluded.address, customers.address),
           number = coalesce(excluded.number, customers.number)
     returning id, reference, name, address, number`,
    [told.id, centreId, told.reference, told.name, told.address, told.number],
  );
  return rows[0]!;
}
