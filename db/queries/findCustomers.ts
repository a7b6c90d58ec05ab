import type { Queryable } from '../database.ts';

/** Those of a centre's customers who have one of these references. */
export async function findCustomers(
  database: Queryable,
  centreId: string,
  references: string[],
): Promise<{ id: string; reference: string; name: string }[]> {
  const { rows } = await database.query<{ id: string; reference: string; name: string }>(
    'select id, reference, name from customers where centre_id = $1 and reference = any($2)',
    [centreId, references],
  );
  return rows;
}
