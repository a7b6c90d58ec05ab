/** What suggestions are made from, on Postgres: the port of src/http/suggestions.ts. */
import type { Catalogue } from '../src/diagnosis/diagnosis.ts';
import type { FaultCondition } from '../src/interaction/facts.ts';
import type { Interaction } from '../src/interaction/interaction.ts';
import type { Database } from './database.ts';
import { findLatestFault } from './queries/findLatestFault.ts';
import { loadInteraction } from './queries/loadInteraction.ts';

/** @param catalogues where the centre's current catalogue is read: db/catalogueStore.ts */
export function createSuggestionStore(
  database: Database,
  catalogues: { current(centreId: string): Promise<Catalogue> },
) {
  return {
    catalogue: (centreId: string): Promise<Catalogue> => catalogues.current(centreId),
    async interaction(
      centreId: string,
      interactionId: string,
    ): Promise<{ interaction: Interaction; fault: FaultCondition | null } | null> {
      const found = await loadInteraction(database, centreId, interactionId);
      if (found === null) return null;
      const latest = await findLatestFault(database, centreId, interactionId);
      return { interaction: found.value, fault: latest ?? found.value.request.fault };
    },
  };
}
