/** What is open for TVs that come back, asked for many at once. */
import type { Store } from '../src/events/ports.ts';
import type { Database } from './database.ts';
import { gather } from './gather.ts';
import { findOpenInteractions } from './queries/findOpenInteractions.ts';

export function createOpenInteractions(database: Database): Store['openInteractionOf'] {
  const find = gather((tvs: { centreId: string; tvId: string }[]) => findOpenInteractions(database, tvs));
  return (centreId, tvId) => find({ centreId, tvId });
}
