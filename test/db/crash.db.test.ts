/** What a door does about commands that were kept before it knew: by a process that was killed, or on a connection that was lost. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Door } from '../../src/events/door.ts';
import { UncertainError, type Commit, type Store } from '../../src/events/ports.ts';
import { openDoorParts, senderOf, type DoorParts } from '../support/doorParts.ts';
import { stalledRequest } from '../support/wire.ts';

let parts: DoorParts;
let tvId: string;
let uncertain: Commit[];

beforeEach(async () => {
  parts = await openDoorParts();
  uncertain = [];
  tvId = await parts.tv('TV-1');
});
afterEach(() => parts.fresh.drop());

/** The door of a process that has only begun. @param differently what its store does in another way */
function newDoor(differently: (store: Store) => Partial<Store> = () => ({})): Door {
  return new Door({
    ...parts.options,
    store: { ...parts.store, ...differently(parts.store) },
    relay: { committed: () => {}, uncertain: (commit) => void uncertain.push(commit) },
  });
}

const sender = () => senderOf(tvId);

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
  const { rowCount } = await parts.fresh.database.query(
    `select from interaction_events where event->>'type' = 'requested'`,
  );
  expect(rowCount).toBe(1);
});
