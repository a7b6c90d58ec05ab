import type { Centre } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';

/** Changes nothing when it is there. */
export async function insertCentre(database: Queryable, { id, name }: Centre): Promise<void> {
  await database.query('insert into centres (id, name) values ($1, $2) on conflict (id) do nothing', [id, name]);
}
