/** What the desktop reads of a centre's TVs, from Postgres. */
import type { TvDirectory } from '../src/registration/ports.ts';
import type { Database } from './database.ts';
import { findTv } from './queries/findTv.ts';
import { listPastInteractions } from './queries/listPastInteractions.ts';
import { listTvs } from './queries/listTvs.ts';

export function createTvDirectory(database: Database): TvDirectory {
  return {
    listTvs: (centreId, search) => listTvs(database, centreId, search),
    async tvHistory(centreId, tvId) {
      if ((await findTv(database, centreId, tvId)) === null) return null;
      return await listPastInteractions(database, centreId, tvId);
    },
  };
}
