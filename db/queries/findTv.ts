import type { TvRecord } from '../../src/registration/ports.ts';
import type { Queryable } from '../database.ts';
import { tvColumns, tvOfRow, tvTables, type TvRow } from './tvRow.ts';

export async function findTv(database: Queryable, centreId: string, tvId: string): Promise<TvRecord | null> {
  const { rows } = await database.query<TvRow>({
    name: 'find-tv',
    text: `select ${tvColumns} from ${tvTables} where tvs.centre_id = $1 and tvs.id = $2`,
    values: [centreId, tvId],
  });
  return rows[0] === undefined ? null : tvOfRow(rows[0]);
}
