/** An agent's grace, and a service that is down for most of it: the agent is not blamed for that. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Door } from '../../../src/events/door.ts';
import { demoCentreId as centreId, openDoorParts, senderOf, type DoorParts } from '../../support/doorParts.ts';
import { stalledRequest } from '../../support/wire.ts';

const GRACE = 45_000;

let parts: DoorParts;
let now: number;

beforeEach(async () => {
  parts = await openDoorParts();
  now = Date.now();
});
afterEach(() => parts.fresh.drop());

/** A service on this database, as it starts. */
const start = () => new Door({ ...parts.options, clock: () => now, times: { ...parts.options.times, graceMs: GRACE } });

async function talking(door: Door): Promise<{ agentId: string; interactionId: string }> {
  const profile = { name: 'Sam Reyes', skills: [], customersLookedAfter: [], capacity: 1 };
  const person = { ...profile, email: 'sam@north.example', password: 'a long walk by the sea' };
  const { agentId } = await parts.registration.addAgent(centreId, { ...person, roles: ['agent'] });
  await door.agentKnown(centreId, { agentId, ...profile });
  await door.agentConnected(centreId, agentId);
  await door.setWish(senderOf(agentId), { kind: 'ready' });
  const fault = { ...stalledRequest.fault!, code: 'vendor:unheard-of' };
  const answer = await door.request(senderOf(await parts.tv('TV-1')), { ...stalledRequest, fault });
  const interactionId = (answer.ok && answer.interactionId) || '';
  const offer = (await parts.store.eventsAfter(centreId, interactionId, 0, 99)).at(-1)?.event;
  if (offer?.type !== 'offered') throw new Error('It is offered at once.');
  await door.agent(senderOf(agentId), interactionId, { type: 'accept', offerId: offer.offerId });
  return { agentId, interactionId };
}

it('[AG2] [IX25] a talk waits the whole grace from the start of the service on, drained or not', async () => {
  const before = start();
  const { agentId, interactionId } = await talking(before);
  const graceExpires = (door: Door) =>
    door.timer({
      centreId,
      key: `${agentId}:grace`,
      at: now,
      say: { to: 'agent', agentId, command: { type: 'graceExpired' } },
    });
  const last = async () => (await parts.store.eventsAfter(centreId, interactionId, 0, 99)).at(-1)?.event.type;

  // Draining tells of everybody as gone.
  await before.agentDisconnected(centreId, agentId);
  now += GRACE - 1_000;
  const after = start();
  expect((await after.recover()).agents).toBe(1);
  now += 2_000;
  await graceExpires(after);
  expect(await last()).toBe('tvLost');
  await after.agentConnected(centreId, agentId);
  now += GRACE;
  await graceExpires(after);
  expect(await last()).toBe('tvLost');

  await after.agentDisconnected(centreId, agentId);
  now += GRACE;
  await graceExpires(after);
  expect(await last()).toBe('queued');
});
