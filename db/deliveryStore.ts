/** How far each endpoint was told of each interaction, in Postgres. */
import type { DeliveryStore } from '../src/events/webhooks/ports.ts';
import { inTransaction, type Database } from './database.ts';
import { openSecrets } from './endpointSecrets.ts';
import { advanceDelivery } from './queries/advanceDelivery.ts';
import { claimDelivery } from './queries/claimDelivery.ts';
import { disableEndpoint } from './queries/disableEndpoint.ts';
import { enqueueDelivery } from './queries/enqueueDelivery.ts';
import { enqueueLook } from './queries/enqueueLook.ts';
import { recordFailedDelivery } from './queries/recordFailedDelivery.ts';
import { releaseDelivery } from './queries/releaseDelivery.ts';
import { renewClaim } from './queries/renewClaim.ts';
import type { SecretBox } from './secretBox.ts';

/** Events read at once. */
const EVENTS_AT_ONCE = 50;

/**
 * @param database with the tables of migrations/ and graphile-worker's schema
 * @param box opens the signing secrets
 */
export function createDeliveryStore(database: Database, box: SecretBox): DeliveryStore {
  return {
    async claim(delivery, forMs, now) {
      const claimed = await claimDelivery(database, delivery, forMs, now, EVENTS_AT_ONCE);
      if (claimed === null) return null;
      if ('heldUntil' in claimed) {
        await enqueueLook(database, delivery, claimed.heldUntil);
        return 'held';
      }
      return { ...claimed, secrets: openSecrets(box, delivery.endpointId, claimed.secrets) };
    },
    renew: (delivery, forMs) => renewClaim(database, delivery, forMs),
    delivered: (delivery, seq, at) => advanceDelivery(database, delivery, seq, at),
    async failed(delivery, failure) {
      await inTransaction(database, async (client) => {
        const mine = await recordFailedDelivery(client, delivery, failure);
        if (mine && failure.nextTryAt !== null) await enqueueDelivery(client, delivery, failure.nextTryAt);
      });
    },
    finish: (delivery) => releaseDelivery(database, delivery, true),
    async release(delivery) {
      await releaseDelivery(database, delivery, false);
    },
    postpone: (delivery, until) => enqueueDelivery(database, delivery, until),
    async disable({ centreId, endpointId }, reason, at) {
      await disableEndpoint(database, centreId, endpointId, { reason, by: 'receiver', at });
    },
  };
}
