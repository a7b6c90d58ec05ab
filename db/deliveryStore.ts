/** How far each endpoint was told of each interaction, in Postgres. */
import type { DeliveryStore } from '../src/events/webhooks/ports.ts';
import { inTransaction, type Database } from './database.ts';
import { advanceDelivery } from './queries/advanceDelivery.ts';
import { disableEndpoint } from './queries/disableEndpoint.ts';
import { enqueueDelivery } from './queries/enqueueDelivery.ts';
import { findOutstanding } from './queries/findOutstanding.ts';
import { recordFailedDelivery } from './queries/recordFailedDelivery.ts';

/** Events read at once. */
const EVENTS_AT_ONCE = 50;

/** @param database with the tables of migrations/ and graphile-worker's schema */
export function createDeliveryStore(database: Database): DeliveryStore {
  return {
    outstanding: (delivery, now) => findOutstanding(database, delivery, now, EVENTS_AT_ONCE),
    delivered: (delivery, seq, at) => advanceDelivery(database, delivery, seq, at),
    async failed(delivery, failure) {
      await inTransaction(database, async (client) => {
        await recordFailedDelivery(client, delivery, failure);
        if (failure.nextTryAt !== null) await enqueueDelivery(client, delivery, failure.nextTryAt);
      });
    },
    postpone: (delivery, until) => enqueueDelivery(database, delivery, until),
    async disable({ centreId, endpointId }, reason, at) {
      await disableEndpoint(database, centreId, endpointId, { reason, by: 'receiver', at });
    },
  };
}
