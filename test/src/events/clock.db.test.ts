/** The date jumps while offers and graces run: by a clock that is set, or a machine that slept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTimers, type Timers } from '../../../db/timers.ts';
import { Door } from '../../../src/events/door.ts';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import { demoCentreId, openDoorParts, senderOf, type DoorParts } from '../../support/doorParts.ts';
import { stalledRequest } from '../../support/wire.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

let parts: DoorParts;
let door: Door;
let timers: Timers;
let now: number;
/** How often it was looked for timers whose time has come. */
let looks: number;
const errors: unknown[] = [];

beforeEach(async () => {
  parts = await openDoorParts();
  now = Date.now();
  looks = 0;
  const clock = () => now;
  const times = { ...parts.options.times, offerMs: MINUTE, absenceMs: 5 * MINUTE, graceMs: MINUTE };
  door = new Door({ ...parts.options, clock, times });
  const perform = (timer: Parameters<Door['timer']>[0]) => door.timer(timer);
  timers = startTimers(parts.fresh.database, {
    perform,
    clock: () => ((looks += 1), now),
    onError: (error) => errors.push(error),
  });
});
afterEach(async () => {
  await timers.stop();
  await parts.fresh.drop();
  expect(errors.splice(0)).toEqual([]);
});

/** An agent who takes work. */
async function agent(name: string): Promise<string> {
  const profile = { name, skills: [], customersLookedAfter: [], capacity: 1 };
  const email = `${name.toLowerCase()}@north.example`;
  const told = { ...profile, email, password: 'a long walk by the sea', roles: ['agent' as const] };
  const { agentId } = await parts.registration.addAgent(demoCentreId, told);
  await door.agentKnown(demoCentreId, { agentId, ...profile });
  await door.agentConnected(demoCentreId, agentId);
  await door.setWish(senderOf(agentId), { kind: 'ready' });
  return agentId;
}

/** What no catalogue knows goes to a person at once. */
async function asks(serial: string): Promise<{ tvId: string; interactionId: string }> {
  const tvId = await parts.tv(serial);
  const fault = { ...stalledRequest.fault!, code: 'vendor:unheard-of' };
  const answer = await door.request(senderOf(tvId), { ...stalledRequest, fault });
  return { tvId, interactionId: (answer.ok && answer.interactionId) || '' };
}

async function events(interactionId: string): Promise<InteractionEvent[]> {
  const kept = await parts.store.eventsAfter(demoCentreId, interactionId, 0, 1_000);
  expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, n) => n + 1));
  return kept.map(({ event }) => event);
}

async function offerOf(interactionId: string): Promise<string> {
  const last = (await events(interactionId)).findLast(({ type }) => type === 'offered');
  return last?.type === 'offered' ? last.offerId : '';
}

/** Waits until timers were looked for with this date, and those that were due are said. */
async function looked(): Promise<void> {
  const before = looks;
  await expect.poll(() => looks).toBeGreaterThan(before + 1);
}

/** Waits until the latest event is of this type. */
async function comesTo(interactionId: string, type: InteractionEvent['type']): Promise<InteractionEvent | undefined> {
  await expect.poll(async () => (await events(interactionId)).at(-1)?.type).toBe(type);
  return (await events(interactionId)).at(-1);
}

const accept = async (agentId: string, interactionId: string) => {
  const offerId = await offerOf(interactionId);
  return await door.agent(senderOf(agentId), interactionId, { type: 'accept', offerId });
};

describe('[M4] a date that jumps a day ahead', () => {
  it('[IX9] ends an offer as if nobody had answered it, and the next agent is asked', async () => {
    await agent('Sam');
    const { interactionId } = await asks('TV-1');
    await comesTo(interactionId, 'offered');
    now += 24 * HOUR;
    await comesTo(interactionId, 'queued');
    const ended = (await events(interactionId)).findLast(({ type }) => type === 'offerEnded');
    expect(ended).toMatchObject({ why: 'expired' });
    const priya = await agent('Priya');
    await comesTo(interactionId, 'offered');
    expect(await accept(priya, interactionId)).toMatchObject({ ok: true });
  });

  it('[IX19] [IX21] ends graces at once: a talk goes back to its place, a TV that is away has left, each is told', async () => {
    const sam = await agent('Sam');
    const talk = await asks('TV-1');
    await comesTo(talk.interactionId, 'offered');
    await accept(sam, talk.interactionId);
    const away = await asks('TV-2');
    await door.agentDisconnected(demoCentreId, sam);
    await door.tvConnection(demoCentreId, away.tvId, false);
    now += 24 * HOUR;
    expect(await comesTo(talk.interactionId, 'queued')).toMatchObject({ why: 'agentLost' });
    expect(await comesTo(away.interactionId, 'abandoned')).toMatchObject({ reason: 'absent' });
  });
});

describe('[M4] a date that is set back by an hour', () => {
  it('[IX9] ends nothing early: an offer stands, is taken, and runs out once its time has come again', async () => {
    const sam = await agent('Sam');
    const first = await asks('TV-1');
    await comesTo(first.interactionId, 'offered');
    now -= HOUR;
    expect(await accept(sam, first.interactionId)).toMatchObject({ ok: true });
    const priya = await agent('Priya');
    const second = await asks('TV-2');
    await comesTo(second.interactionId, 'offered');
    now -= HOUR;
    await looked();
    expect((await events(second.interactionId)).at(-1)?.type).toBe('offered');
    now += HOUR + MINUTE + 1;
    await comesTo(second.interactionId, 'queued');
    expect((await parts.store.agent(demoCentreId, priya))?.value.work).toEqual([]);
  });
});
