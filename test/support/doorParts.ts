/** What doors are made of in tests: the demo centre on a real database, and times that do not run out. */
import { randomUUID } from 'node:crypto';
import { createCatalogueStore } from '../../db/catalogueStore.ts';
import { createDemoCentre } from '../../db/demo.ts';
import { createEventStore } from '../../db/eventStore.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import type { Sender } from '../../src/events/door.ts';
import type { Relay, Store } from '../../src/events/ports.ts';
import { createRegistration, type Registration } from '../../src/registration/registration.ts';
import { freshDatabase, type FreshDatabase } from './postgres.ts';
import { livingRoomTv } from './wire.ts';

const HOUR = 3_600_000;

/** No offer, no grace and no closure of a test runs out by itself. */
export const longTimes = {
  offerMs: HOUR,
  declineMs: HOUR,
  preferMs: HOUR,
  absenceMs: HOUR,
  closureMs: HOUR,
  graceMs: HOUR,
  invitationMs: HOUR,
};

/** Nobody is told anything. */
export const deafRelay: Relay = { committed: () => {}, uncertain: () => {} };

export const demoCentreId = 'demo-northlight';

export interface DoorParts {
  fresh: FreshDatabase;
  registration: Registration;
  store: Store;
  /** Provisions and registers a TV. @returns its id */
  tv(serial: string): Promise<string>;
  /** For `new Door({ ...parts.options, … })`. */
  options: { store: Store; relay: Relay; clock: () => number; times: typeof longTimes; newId: () => string };
}

/** The demo centre on a database of its own; `fresh.drop()` removes it. */
export async function openDoorParts(): Promise<DoorParts> {
  const fresh = await freshDatabase();
  const clock = () => Date.now();
  const registration = createRegistration({
    store: createRegistrationStore(fresh.database),
    clock,
    publicUrl: 'http://localhost',
  });
  await createDemoCentre(fresh.database, registration);
  const catalogues = createCatalogueStore(fresh.database);
  const store = createEventStore(fresh.database, (id) => catalogues.current(id));
  return {
    fresh,
    registration,
    store,
    async tv(serial) {
      const credentials = await registration.provisionTv(demoCentreId, { serial, name: serial });
      return (await registration.registerTv({ kind: 'secret', ...credentials }, livingRoomTv, '127.0.0.1')).tvId;
    },
    options: { store, relay: deafRelay, clock, times: longTimes, newId: randomUUID },
  };
}

/** Somebody of the demo centre who says something, under an id of its own unless it is told. */
export const senderOf = (senderId: string, commandId: string = randomUUID()): Sender => ({
  centreId: demoCentreId,
  senderId,
  commandId,
});
