/**
 * The door, the queue and the deliverer, or several, on a real database and real sockets, in this process,
 * with two contact centres. Their clock flies: between two looks thirteen hours go by, so that every next
 * try is due at once and a story of two days takes a second.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createCatalogueStore } from '../../db/catalogueStore.ts';
import { openDatabase } from '../../db/database.ts';
import { createDeliveryStore } from '../../db/deliveryStore.ts';
import { createEndpointStore } from '../../db/endpointStore.ts';
import { createEventStore } from '../../db/eventStore.ts';
import { createProvisioning } from '../../db/provisioning.ts';
import { createReadings, type DatabaseReadings } from '../../db/readings.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import { createSecretBox } from '../../db/secretBox.ts';
import { startWebhookWorker } from '../../db/webhookWorker.ts';
import { shippedCatalogue } from '../../src/diagnosis/shipped.ts';
import { Door } from '../../src/events/door.ts';
import { createWebhookDeliverer, type WebhookDeliverer } from '../../src/events/webhooks/deliver.ts';
import type { EndpointStore } from '../../src/events/webhooks/endpoints.ts';
import { mintSecret } from '../../src/events/webhooks/signature.ts';
import { createWebhookClient } from '../../src/http/webhookClient.ts';
import { createRegistration } from '../../src/registration/registration.ts';
import type { EventType } from '../../src/protocol/eventTypes.ts';
import { shipCatalogue } from '../../db/queries/shipCatalogue.ts';
import { deafRelay, longTimes } from './doorParts.ts';
import { freshDatabase } from './postgres.ts';
import { livingRoomTv, stalledRequest } from './wire.ts';

const HOUR = 3_600_000;

/** The two centres. */
export const northlight = 'northlight';
export const southbank = 'southbank';

export interface Deliveries {
  endpoints: EndpointStore;
  /** One a service. */
  deliverers: WebhookDeliverer[];
  /** What whoever counts was told of each try: `retried 5xx`. */
  counted: string[];
  /** What the database says of events that did not get through. */
  undelivered: DatabaseReadings['undelivered'];
  /** @returns the endpoint's id */
  listen(url: string, options?: { centreId?: string; eventTypes?: EventType[] }): Promise<string>;
  /** A TV asks for help. */
  ask(serial: string, centreId?: string): Promise<{ tvId: string; interactionId: string }>;
  /** The TV tells something new: one more event. */
  update(tvId: string, interactionId: string, centreId?: string): Promise<void>;
  /** The events that were committed. */
  committed(interactionId: string, centreId?: string): Promise<{ seq: number; type: string }[]>;
  /** Waits until no delivery is queued or under way. */
  settled(): Promise<void>;
  /** As if nothing of this interaction was ever delivered to the endpoint, nor queued for it. */
  forget(interactionId: string, endpointId: string): Promise<void>;
  /** Looks for what was not queued, as the worker does every ten minutes. */
  sweep(): Promise<void>;
  /** As if another service had the delivery in hand for so long. @returns when that is over, ms since the epoch */
  claimFor(interactionId: string, ms: number): Promise<number>;
  /** Resolves when the claim on the delivery, as it stands now, is over by its own count. */
  pastClaim(interactionId: string): Promise<void>;
  nextTryAt(interactionId: string): Promise<number | null>;
  close(): Promise<void>;
}

/**
 * @param options.clock flies unless another is given
 * @param options.services as many deliverers, each with a worker and connections of its own, as several processes have
 * @param options.byHand nobody takes jobs: the test calls `deliverers`
 */
export async function openDeliveries(
  options: { clock?: () => number; withinMs?: number; services?: number; claimMs?: number; byHand?: boolean } = {},
): Promise<Deliveries> {
  const fresh = await freshDatabase();
  const { database } = fresh;
  let looks = 0;
  const start = Date.now() - 5 * 365 * 24 * HOUR;
  const clock = options.clock ?? (() => start + (looks += 1) * 13 * HOUR);
  const registration = createRegistration({
    store: createRegistrationStore(database),
    clock: () => Date.now(),
    publicUrl: 'http://localhost',
  });
  const provisioning = createProvisioning(database);
  for (const id of [northlight, southbank]) {
    await provisioning.createCentre({ id, name: id });
    await shipCatalogue(database, id, shippedCatalogue);
  }
  const catalogues = createCatalogueStore(database);
  const store = createEventStore(database, (id) => catalogues.current(id));
  const door = new Door({
    store,
    relay: deafRelay,
    clock: () => Date.now(),
    times: longTimes,
    newId: randomUUID,
  });
  const secrets = createSecretBox([randomBytes(32)]);
  const counted: string[] = [];
  const errors: unknown[] = [];
  let idle: (() => void)[] = [];
  async function startService() {
    const own = openDatabase(fresh.url);
    const client = createWebhookClient({ allowPrivate: true, withinMs: options.withinMs ?? 5_000 });
    const deliverer = createWebhookDeliverer({
      store: createDeliveryStore(own, secrets),
      client,
      clock,
      newId: randomUUID,
      meter: {
        delivery: (outcome, answer) => counted.push(`${outcome} ${answer}`),
        eventArrived: () => {},
      },
      ...(options.claimMs === undefined ? {} : { claimMs: options.claimMs }),
    });
    const stopped = { stop: async () => {} };
    const worker = options.byHand
      ? stopped
      : await startWebhookWorker(own, {
          deliver: async (delivery) => {
            await deliverer.deliver(delivery);
            // The job itself is taken from the queue after this.
            setImmediate(() => idle.splice(0).forEach((look) => look()));
          },
          busy: () => deliverer.busy(),
          onError: (error) => errors.push(error),
        });
    const stop = async () => {
      deliverer.close();
      await worker.stop();
      client.close();
      await own.end();
    };
    return { deliverer, stop };
  }
  const services = await Promise.all(Array.from({ length: options.services ?? 1 }, startService));
  const endpoints = createEndpointStore(database, secrets);
  const sender = (centreId: string, senderId: string) => ({ centreId, senderId, commandId: randomUUID() });
  const done = <T extends { ok: boolean }>(answer: T): T & { ok: true } => {
    if (!answer.ok) throw new Error(JSON.stringify(answer));
    return answer as T & { ok: true };
  };

  return {
    endpoints,
    deliverers: services.map(({ deliverer }) => deliverer),
    counted,
    undelivered: createReadings(database).undelivered,
    async listen(url, { centreId = northlight, eventTypes = [] } = {}) {
      const id = randomUUID();
      const wish = { id, url, description: '', eventTypes, secret: mintSecret() };
      await endpoints.insert(centreId, wish, { by: 'Sam', at: Date.now() });
      return id;
    },
    async ask(serial, centreId = northlight) {
      const credentials = await registration.provisionTv(centreId, { serial, name: 'Living room TV' });
      const { tvId } = await registration.registerTv({ kind: 'secret', ...credentials }, livingRoomTv, '127.0.0.1');
      const { interactionId } = done(await door.request(sender(centreId, tvId), stalledRequest)) as {
        interactionId: string;
      };
      return { tvId, interactionId };
    },
    async update(tvId, interactionId, centreId = northlight) {
      done(
        await door.viewer(sender(centreId, tvId), interactionId, {
          type: 'update',
          context: { serviceState: 'playing', facts: { at: randomUUID() } },
        }),
      );
    },
    async committed(interactionId, centreId = northlight) {
      const events = await store.eventsAfter(centreId, interactionId, 0, 1_000);
      return events.map(({ seq, event }) => ({ seq, type: event.type }));
    },
    async settled() {
      for (;;) {
        const next = new Promise<void>((look) => idle.push(look));
        const { rows } = await database.query<{ waiting: number }>(
          `select count(*)::int as waiting from graphile_worker._private_jobs where locked_at is not null or run_at <= now()`,
        );
        if (rows[0]?.waiting === 0) return;
        await Promise.race([next, new Promise((again) => setTimeout(again, 20))]);
      }
    },
    async forget(interactionId, endpointId) {
      await database.query('delete from webhook_deliveries where interaction_id = $1 and endpoint_id = $2', [
        interactionId,
        endpointId,
      ]);
    },
    async sweep() {
      await database.query(`select graphile_worker.add_job('webhookSweep')`);
    },
    async claimFor(interactionId, ms) {
      const { rows } = await database.query<{ over: number }>(
        `update webhook_deliveries set claim = 'another service', claimed_until = now() + $2 * interval '1 millisecond'
         where interaction_id = $1
         returning floor(extract(epoch from claimed_until) * 1000)::float8 as over`,
        [interactionId, ms],
      );
      return rows[0]?.over ?? Number.NaN;
    },
    async pastClaim(interactionId) {
      await database.query(
        `select pg_sleep_until(max(claimed_until)) from webhook_deliveries where interaction_id = $1`,
        [interactionId],
      );
    },
    async nextTryAt(interactionId) {
      const { rows } = await database.query<{ at: number | null }>(
        'select next_try_at as at from webhook_deliveries where interaction_id = $1',
        [interactionId],
      );
      return rows[0]?.at ?? null;
    },
    async close() {
      await Promise.all(services.map(({ stop }) => stop()));
      await door.drained();
      await fresh.drop();
      idle = [];
      if (errors.length > 0) throw new AggregateError(errors, 'Deliveries went wrong on our side.');
    },
  };
}
