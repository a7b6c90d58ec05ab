/** What a door does about commands that were kept before it knew: by a process that was killed, or on a connection that was lost. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createCatalogueStore } from '../../db/catalogueStore.ts';
import { createDemoCentre } from '../../db/demo.ts';
import { createEventStore } from '../../db/eventStore.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import { Door, type Sender } from '../../src/events/door.ts';
import { UncertainError, type Commit, type Store } from '../../src/events/ports.ts';
import { createRegistration } from '../../src/registration/registration.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { livingRoomTv, stalledRequest } from '../support/wire.ts';

const centreId = 'demo-northlight';
const minute = 60_000;
const times = {
  offerMs: minute,
  declineMs: minute,
  preferMs: minute,
  absenceMs: minute,
  closureMs: minute,
  graceMs: minute,
  invitationMs: minute,
};

let fresh: FreshDatabase;
let tvId: string;
let uncertain: Commit[];

beforeEach(async () => {
  fresh = await freshDatabase();
  uncertain = [];
  const registration = createRegistration({
    store: createRegistrationStore(fresh.database),
    clock: () => Date.now(),
    publicUrl: 'http://localhost',
  });
  await createDemoCentre(fresh.database, registration);
  const credentials = await registration.provisionTv(centreId, { serial: 'TV-1', name: 'Living room TV' });
  tvId = (await registration.registerTv({ kind: 'secret', ...credentials }, livingRoomTv, '127.0.0.1')).tvId;
});
afterEach(() => fresh.drop());

/** The door of a process that has only begun. @param differently what its store does in another way */
function newDoor(differently: (store: Store) => Partial<Store> = () => ({})): Door {
  const catalogues = createCatalogueStore(fresh.database);
  const store = createEventStore(fresh.database, (id) => catalogues.current(id));
  return new Door({
    store: { ...store, ...differently(store) },
    relay: { committed: () => {}, uncertain: (commit) => void uncertain.push(commit) },
    clock: () => Date.now(),
    times,
    newId: randomUUID,
  });
}

const sender = (): Sender => ({ centreId, senderId: tvId, commandId: randomUUID() });

it('[M4] a command that was taken before the process was killed is acknowledged, though it would be refused now', async () => {
  const before = newDoor();
  const opened = await before.request(sender(), stalledRequest);
  const interactionId = (opened.ok && opened.interactionId) || '';
  const update = sender();
  const news = { type: 'update' as const, context: { serviceState: 'stalled' as const, facts: {} } };
  expect(await before.viewer(update, interactionId, news)).toMatchObject({ ok: true });
  await before.viewer(sender(), interactionId, { type: 'leave' });

  const after = newDoor();
  expect(await after.viewer(update, interactionId, news)).toEqual({ ok: true, interactionId });
  expect(await after.viewer(sender(), interactionId, news)).toMatchObject({ ok: false, code: 'ended' });
});

it('[M4] when the answer to a commit is lost, whom it concerns is told to look anew, and the repetition takes no effect twice', async () => {
  let lose = true;
  const door = newDoor((store) => ({
    async save(centre, changes) {
      await store.save(centre, changes);
      if (lose) throw new UncertainError('The connection was lost.');
    },
  }));
  const request = sender();
  await expect(door.request(request, stalledRequest)).rejects.toThrow(UncertainError);
  expect(uncertain.map(({ interactions }) => interactions.map(({ interaction }) => interaction.tv.tvId))).toEqual([
    [tvId],
  ]);
  lose = false;
  expect(await door.request(request, stalledRequest)).toMatchObject({ ok: true });
  const { rowCount } = await fresh.database.query(`select from interaction_events where event->>'type' = 'requested'`);
  expect(rowCount).toBe(1);
});
