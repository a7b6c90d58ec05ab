/** A centre's webhook endpoints, in Postgres. */
import type { EndpointStore } from '../src/events/webhooks/endpoints.ts';
import { inTransaction, type Database } from './database.ts';
import { openSecrets } from './endpointSecrets.ts';
import { deleteEndpoint } from './queries/deleteEndpoint.ts';
import { disableEndpoint } from './queries/disableEndpoint.ts';
import { enableEndpoint } from './queries/enableEndpoint.ts';
import { enqueueDelivery } from './queries/enqueueDelivery.ts';
import { enqueueOutstanding } from './queries/enqueueOutstanding.ts';
import { findEndpointTarget } from './queries/findEndpointTarget.ts';
import { insertEndpoint } from './queries/insertEndpoint.ts';
import { listEndpoints } from './queries/listEndpoints.ts';
import { listTroubles } from './queries/listTroubles.ts';
import { reviveDeliveries } from './queries/reviveDeliveries.ts';
import { rotateSecret } from './queries/rotateSecret.ts';
import { updateEndpoint } from './queries/updateEndpoint.ts';
import type { SecretBox } from './secretBox.ts';

/** A centre's endpoints, the ones that are off included: each event is delivered to every one. */
const MOST_PER_CENTRE = 20;

/** @param box seals the signing secrets */
export function createEndpointStore(database: Database, box: SecretBox): EndpointStore {
  return {
    list: (centreId, now) => listEndpoints(database, centreId, now),
    async insert(centreId, endpoint, change) {
      const kept = { ...endpoint, secret: box.seal(endpoint.secret, endpoint.id) };
      if (!(await insertEndpoint(database, centreId, kept, change, MOST_PER_CENTRE))) return false;
      await enqueueOutstanding(database, endpoint.id, change.at);
      return true;
    },
    update: (centreId, endpointId, wish, change) => updateEndpoint(database, centreId, endpointId, wish, change),
    async disable(centreId, endpointId, reason, change) {
      if (await disableEndpoint(database, centreId, endpointId, { reason, ...change })) return true;
      return (await findEndpointTarget(database, centreId, endpointId, 0)) !== null;
    },
    async enable(centreId, endpointId, change) {
      const was = await enableEndpoint(database, centreId, endpointId, change);
      if (was === null) return (await findEndpointTarget(database, centreId, endpointId, 0)) !== null;
      // After the switch is committed: what happens from then on is queued by whoever commits it.
      await enqueueOutstanding(database, endpointId, was.disabledAt);
      return true;
    },
    rotate: (centreId, endpointId, secret, oldUntil, change) =>
      rotateSecret(database, centreId, endpointId, box.seal(secret, endpointId), oldUntil, change),
    remove: (centreId, endpointId) => deleteEndpoint(database, centreId, endpointId),
    async target(centreId, endpointId, now) {
      const found = await findEndpointTarget(database, centreId, endpointId, now);
      return found === null ? null : { ...found, secrets: openSecrets(box, endpointId, found.secrets) };
    },
    async troubles(centreId, endpointId) {
      if ((await findEndpointTarget(database, centreId, endpointId, 0)) === null) return null;
      return await listTroubles(database, centreId, endpointId);
    },
    async replay(centreId, endpointId, interactionId, change) {
      return await inTransaction(database, async (client) => {
        const revived = await reviveDeliveries(client, centreId, endpointId, interactionId, change);
        for (const id of revived) {
          await enqueueDelivery(client, { centreId, endpointId, interactionId: id }, change.at);
        }
        return revived.length;
      });
    },
  };
}
