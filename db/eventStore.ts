/** The store behind the event handling component, on Postgres. */
import pg from 'pg';
import type { Catalogue } from '../src/diagnosis/diagnosis.ts';
import { ConflictError, UnavailableError, UncertainError, type Store } from '../src/events/ports.ts';
import { factsOf, summaryOf } from '../src/registration/tvRecord.ts';
import type { Database } from './database.ts';
import { Memory } from './memory.ts';
import { findLineVersion } from './queries/findLineVersion.ts';
import { findOpenInteraction } from './queries/findOpenInteraction.ts';
import { findParties } from './queries/findParties.ts';
import { findTv } from './queries/findTv.ts';
import { listCandidates } from './queries/listCandidates.ts';
import { listEvents } from './queries/listEvents.ts';
import { listLeftConnected } from './queries/listLeftConnected.ts';
import { listLine } from './queries/listLine.ts';
import { listQueues } from './queries/listQueues.ts';
import { listTaken } from './queries/listTaken.ts';
import { loadAgentRecord } from './queries/loadAgentRecord.ts';
import { loadInteraction } from './queries/loadInteraction.ts';
import { loadInteractions } from './queries/loadInteractions.ts';
import { meanHandling } from './queries/meanHandling.ts';
import { saveChanges } from './queries/saveChanges.ts';

/** Reads the catalogue that stands. */
type ReadCatalogue = (centreId: string) => Promise<Catalogue>;

/**
 * @param database with the tables of migrations/ and graphile-worker's schema
 * @param options.writer what commits go through (database.ts, openWriter); the same when left out
 * @param options.memory where TVs are kept; one that nobody tells anything, and so keeps nothing, when left out
 */
export function createEventStore(
  database: Database,
  catalogue: ReadCatalogue,
  { writer = database, memory = new Memory() }: { writer?: Database; memory?: Memory } = {},
): Store {
  return {
    interaction: asked((centreId, interactionId) => loadInteraction(database, centreId, interactionId)),
    interactions: asked((centreId, interactionIds) => loadInteractions(database, centreId, interactionIds)),
    agent: asked((centreId, agentId) => loadAgentRecord(database, centreId, agentId)),
    line: asked(async (centreId) => {
      const mark = memory.mark(['line', centreId]);
      // The version first: what is read after it is at least as new, and a newer version tells at the save.
      const version = await findLineVersion(database, centreId);
      const [queues, waiting, candidates] = await Promise.all([
        listQueues(database, centreId),
        listLine(database, centreId, ['queued']),
        listCandidates(database, centreId),
      ]);
      const stands = () => mark !== null && memory.mark(['line', centreId]) === mark;
      return { version, queues, waiting, candidates, stands };
    }),
    openInteractionOf: asked((centreId, tvId) => findOpenInteraction(database, centreId, tvId)),
    tv: asked((centreId, tvId) =>
      memory.recall(['tv', centreId, tvId], async () => {
        const record = await findTv(database, centreId, tvId);
        return record && { summary: summaryOf(record), facts: factsOf(record) };
      }),
    ),
    catalogue: asked(catalogue),
    taken: asked((commands) => listTaken(database, commands)),
    async save(centreId, changes) {
      try {
        await saveChanges(writer, centreId, changes);
      } catch (error) {
        if (isConflict(error)) throw new ConflictError('Somebody else wrote first.', { cause: error });
        if (isAnswer(error)) throw error;
        throw new UncertainError('The connection was lost before the database answered.', { cause: error });
      }
    },
    eventsAfter: (centreId, interactionId, seq, limit) => listEvents(database, centreId, interactionId, seq, limit),
    parties: (centreId, interactionId) => findParties(database, centreId, interactionId),
    places: (centreId) => listLine(database, centreId, ['queued', 'offered']),
    meanHandlingSeconds: (centreId) => meanHandling(database, centreId),
    leftConnected: () => listLeftConnected(database),
  };
}

/** A read, of which whoever waits is told apart whether it was answered with an error or not at all. */
function asked<Args extends unknown[], Found>(
  read: (...args: Args) => Promise<Found>,
): (...args: Args) => Promise<Found> {
  return async (...args) => {
    try {
      return await read(...args);
    } catch (error) {
      if (isAnswer(error)) throw error;
      throw new UnavailableError('The database does not answer.', { cause: error });
    }
  };
}

/** Serialization failure, deadlock, and a key that another transaction wrote first. */
function isConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['40001', '40P01', '23505'].includes(error.code ?? '');
}

/** The statement was refused, rather than cut off together with its connection (FATAL, PANIC, or no word at all). */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
