/** The store behind the event handling component, on Postgres. */
import pg from 'pg';
import type { Catalogue } from '../src/diagnosis/diagnosis.ts';
import { ConflictError, type Changes, type Store, type Transaction } from '../src/events/ports.ts';
import { factsOf, summaryOf } from '../src/registration/tvRecord.ts';
import { inTransaction, type Database, type Queryable } from './database.ts';
import { answerCommand } from './queries/answerCommand.ts';
import { appendEvents } from './queries/appendEvents.ts';
import { cancelTimers } from './queries/cancelTimers.ts';
import { enqueueWebhooks } from './queries/enqueueWebhooks.ts';
import { findOpenInteraction } from './queries/findOpenInteraction.ts';
import { findParties } from './queries/findParties.ts';
import { findTv } from './queries/findTv.ts';
import { listCandidates } from './queries/listCandidates.ts';
import { listEvents } from './queries/listEvents.ts';
import { listLeftConnected } from './queries/listLeftConnected.ts';
import { listLine } from './queries/listLine.ts';
import { listQueues } from './queries/listQueues.ts';
import { loadAgentRecord } from './queries/loadAgentRecord.ts';
import { loadInteraction } from './queries/loadInteraction.ts';
import { lockLine } from './queries/lockLine.ts';
import { meanHandling } from './queries/meanHandling.ts';
import { saveAgentRecord } from './queries/saveAgentRecord.ts';
import { saveInteraction } from './queries/saveInteraction.ts';
import { setTimers } from './queries/setTimers.ts';
import { takeCommand } from './queries/takeCommand.ts';

/** Reads the catalogue that stands, through a transaction's own connection. */
type ReadCatalogue = (centreId: string, within: Queryable) => Promise<Catalogue>;

/** @param database with the tables of migrations/ and graphile-worker's schema */
export function createEventStore(database: Database, catalogue: ReadCatalogue): Store {
  return {
    async transaction(work) {
      try {
        return await inTransaction(database, (client) => work(transactionOn(client, catalogue)));
      } catch (error) {
        throw isConflict(error) ? new ConflictError('Somebody else wrote first.', { cause: error }) : error;
      }
    },
    eventsAfter: (centreId, interactionId, seq) => listEvents(database, centreId, interactionId, seq),
    openInteractionOf: (centreId, tvId) => findOpenInteraction(database, centreId, tvId),
    parties: (centreId, interactionId) => findParties(database, centreId, interactionId),
    agent: (centreId, agentId) => loadAgentRecord(database, centreId, agentId),
    line: (centreId) => listLine(database, centreId, ['queued', 'offered']),
    queues: (centreId) => listQueues(database, centreId),
    candidates: (centreId) => listCandidates(database, centreId),
    meanHandlingSeconds: (centreId) => meanHandling(database, centreId),
    leftConnected: () => listLeftConnected(database),
  };
}

function transactionOn(client: Queryable, catalogue: ReadCatalogue): Transaction {
  return {
    take: (senderId, commandId) => takeCommand(client, senderId, commandId),
    answer: (senderId, commandId, interactionId) => answerCommand(client, senderId, commandId, interactionId),
    interaction: (centreId, interactionId) => loadInteraction(client, centreId, interactionId),
    openInteractionOf: (centreId, tvId) => findOpenInteraction(client, centreId, tvId),
    agent: (centreId, agentId) => loadAgentRecord(client, centreId, agentId),
    save: (changes) => save(client, changes),
    lockLine: (centreId) => lockLine(client, centreId),
    queues: (centreId) => listQueues(client, centreId),
    waiting: (centreId) => listLine(client, centreId, ['queued']),
    candidates: (centreId) => listCandidates(client, centreId),
    async tv(centreId, tvId) {
      const record = await findTv(client, centreId, tvId);
      return record && { summary: summaryOf(record), facts: factsOf(record) };
    },
    catalogue: (centreId) => catalogue(centreId, client),
  };
}

async function save(client: Queryable, changes: Changes): Promise<void> {
  for (const { next, version, events } of changes.interactions) {
    const last = events[events.length - 1];
    if (last === undefined) continue;
    if (!(await saveInteraction(client, next, version, last.seq, last.at))) {
      throw new ConflictError(`Interaction ${next.id} changed meanwhile.`);
    }
  }
  const events = changes.interactions.flatMap((one) => one.events);
  if (events.length > 0) {
    await appendEvents(client, events);
    const told = changes.interactions.filter((one) => one.events.length > 0);
    await enqueueWebhooks(
      client,
      told.map(({ next }) => ({ centreId: next.centreId, id: next.id })),
    );
  }
  for (const { next, version } of changes.agents) {
    if (!(await saveAgentRecord(client, next, version))) throw new ConflictError(`Agent ${next.id} changed meanwhile.`);
  }
  if (changes.cancelTimers.length > 0) await cancelTimers(client, changes.cancelTimers);
  if (changes.setTimers.length > 0) await setTimers(client, changes.setTimers);
}

/** Serialization failure, deadlock, and a key that another transaction wrote first. */
function isConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ['40001', '40P01', '23505'].includes(error.code ?? '');
}
