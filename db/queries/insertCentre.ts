import type { Centre } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** @returns false when it is there; nothing is changed then */
export async function insertCentre(database: Queryable, { id, name }: Centre): Promise<boolean> {
  const { rowCount } = await database.query(
    'insert into centres (id, name) values ($1, $2) on conflict (id) do nothing',
    [id, name],
  );
  return rowCount === 1;
}
