/** What the HTTP API asks of Postgres: the port of src/http/v1.ts and src/http/idempotency.ts. */
import type { StoredEvent } from '../src/events/ports.ts';
import type { Database } from './database.ts';
import { answerRequest } from './queries/answerRequest.ts';
import { claimRequest, type KeptRequest } from './queries/claimRequest.ts';
import { findInteractionTv } from './queries/findInteractionTv.ts';
import { findTvOfCentreBySerial } from './queries/findTvOfCentreBySerial.ts';
import { listEvents } from './queries/listEvents.ts';
import { releaseRequest } from './queries/releaseRequest.ts';

export function createApiStore(database: Database) {
  return {
    tv: (centreId: string, serial: string): Promise<{ tvId: string } | null> =>
      findTvOfCentreBySerial(database, centreId, serial),
    tvOf: (centreId: string, interactionId: string): Promise<{ tvId: string; serial: string } | null> =>
      findInteractionTv(database, centreId, interactionId),
    eventsAfter: (centreId: string, interactionId: string, seq: number, limit: number): Promise<StoredEvent[]> =>
      listEvents(database, centreId, interactionId, seq, limit),
    claim: (request: Parameters<typeof claimRequest>[1]): Promise<KeptRequest | null> =>
      claimRequest(database, request),
    answer: (keyId: string, idempotencyKey: string, answer: { status: number; body: unknown }): Promise<void> =>
      answerRequest(database, keyId, idempotencyKey, answer),
    release: (keyId: string, idempotencyKey: string, at: number): Promise<void> =>
      releaseRequest(database, keyId, idempotencyKey, at),
  };
}
