import type { Customer } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** Changes nothing when the centre has a customer of this reference. */
export async function insertCustomer(database: Queryable, centreId: string, customer: Customer): Promise<void> {
  await database.query(
    `insert into customers (id, centre_id, reference, name, address, number)
     values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [customer.id, centreId, customer.reference, customer.name, customer.address, customer.number],
  );
}
