import type { TvRecord } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';
import { tvColumns, tvOfRow, tvTables, type TvRow } from './tvRow.ts';

/** In every contact centre: a TV that registers does not know its own. */
export async function findTvsBySerial(database: Queryable, serial: string): Promise<TvRecord[]> {
  const { rows } = await database.query<TvRow>({
    name: 'find-tvs-by-serial',
    text: `select ${tvColumns} from ${tvTables} where tvs.serial = $1`,
    values: [serial],
  });
  return rows.map(tvOfRow);
}
