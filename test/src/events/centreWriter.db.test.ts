/** What is decided while a commit is under way: on top of it, answered after it, and anew when it fails. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Door } from '../../../src/events/door.ts';
import { UncertainError, type Answer, type Changes, type Commit, type Store } from '../../../src/events/ports.ts';
import { demoCentreId as centreId, openDoorParts, senderOf as from, type DoorParts } from '../../support/doorParts.ts';
import { stalledRequest } from '../../support/wire.ts';

/** A save that came to the gate. */
interface Held {
  changes: Changes;
  /** Lets it through; resolves when it is kept. */
  pass: () => Promise<void>;
  /** Keeps nothing of it. */
  fail: (error: Error) => void;
  /** Keeps it, and loses the answer. */
  loseAnswer: () => Promise<void>;
}

let parts: DoorParts;
let store: Store;
let door: Door;
let told: Commit[];
let doubted: Commit[];
/** While true, saves wait at the gate. */
let closed: boolean;
let atGate: Held[];
let tvId: string;

beforeEach(async () => {
  parts = await openDoorParts();
  store = parts.store;
  told = [];
  doubted = [];
  atGate = [];
  closed = false;
  const gated: Store = {
    ...store,
    save: (centre, changes) => (closed ? hold(centre, changes) : store.save(centre, changes)),
  };
  const relay = {
    committed: (commit: Commit) => void told.push(commit),
    uncertain: (commit: Commit) => void doubted.push(commit),
  };
  door = new Door({ ...parts.options, store: gated, relay });
  tvId = await parts.tv('TV-1');
});
afterEach(() => parts.fresh.drop());

async function hold(centre: string, changes: Changes): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  atGate.push({
    changes,
    pass: async () => {
      await store.save(centre, changes).then(resolve, reject);
      await promise.catch(() => {});
    },
    fail: reject,
    loseAnswer: async () => {
      await store.save(centre, changes);
      reject(new UncertainError('The connection was lost before the database answered.'));
    },
  });
  await promise;
}

async function asked(id: string): Promise<string> {
  const answer = await door.request(from(id), stalledRequest);
  return (answer.ok && answer.interactionId) || '';
}

const say = (id: string, interactionId: string, log: string, commandId?: string) =>
  door.viewer(from(id, commandId), interactionId, {
    type: 'update',
    context: { serviceState: 'playing', facts: { log } },
  });

/** The next save at the gate. */
async function gate(n: number): Promise<Held> {
  await expect.poll(() => atGate.length).toBeGreaterThan(n);
  return atGate[n] as Held;
}

/** Notes in which order things came out. */
function noted(notes: string[], name: string, answer: Promise<Answer>): Promise<Answer> {
  return answer.then((one) => {
    notes.push(name);
    return one;
  });
}

const seqs = async (interactionId: string) =>
  (await store.eventsAfter(centreId, interactionId, 0, 1_000)).map(({ seq }) => seq);

describe('[M4] while a commit is under way', () => {
  it('what comes gathers into one commit, decided on what the first leaves behind, and is answered after its own', async () => {
    const interactionId = await asked(tvId);
    const before = (await seqs(interactionId)).length;
    closed = true;
    const notes: string[] = [];
    const first = noted(notes, 'first', say(tvId, interactionId, '1'));
    const held = await gate(0);
    const others = ['2', '3', '4'].map((log) => noted(notes, log, say(tvId, interactionId, log)));
    // Decided already, and neither answered nor sent.
    await new Promise((resolve) => setImmediate(resolve));
    expect(notes).toEqual([]);
    expect(atGate).toHaveLength(1);
    await held.pass();
    const next = await gate(1);
    await first;
    expect(notes).toEqual(['first']);
    expect(next.changes.taken).toHaveLength(3);
    expect(next.changes.interactions[0]?.version).toBe(before + 1);
    await next.pass();
    expect((await Promise.all(others)).every(({ ok }) => ok)).toBe(true);
    expect(await seqs(interactionId)).toEqual(Array.from({ length: before + 4 }, (_, n) => n + 1));
  });

  it('one said again is answered when the first is kept, not before, and takes effect once', async () => {
    const interactionId = await asked(tvId);
    const before = (await seqs(interactionId)).length;
    closed = true;
    const notes: string[] = [];
    const command = randomUUID();
    const first = noted(notes, 'first', say(tvId, interactionId, '1', command));
    const held = await gate(0);
    const again = noted(notes, 'again', say(tvId, interactionId, '1', command));
    await new Promise((resolve) => setImmediate(resolve));
    expect(notes).toEqual([]);
    await held.pass();
    expect(await again).toEqual(await first);
    expect(await seqs(interactionId)).toHaveLength(before + 1);
  });

  it('a refusal that builds on it waits for it too', async () => {
    const interactionId = await asked(tvId);
    closed = true;
    const notes: string[] = [];
    const leave = noted(notes, 'leave', door.viewer(from(tvId), interactionId, { type: 'leave' }));
    const held = await gate(0);
    const late = noted(notes, 'late', say(tvId, interactionId, 'too late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(notes).toEqual([]);
    await held.pass();
    expect((await leave).ok).toBe(true);
    expect((await late).ok).toBe(false);
  });
});

describe('[M4] when a commit fails', () => {
  it('what was decided on it is decided anew, and everything takes effect once', async () => {
    const interactionId = await asked(tvId);
    const before = (await seqs(interactionId)).length;
    closed = true;
    const first = say(tvId, interactionId, '1');
    const held = await gate(0);
    const second = say(tvId, interactionId, '2');
    await new Promise((resolve) => setImmediate(resolve));
    // Another service process writes the same interaction first.
    await store.save(centreId, held.changes);
    closed = false;
    await held.pass();
    expect([(await first).ok, (await second).ok]).toEqual([true, true]);
    expect(await seqs(interactionId)).toEqual(Array.from({ length: before + 2 }, (_, n) => n + 1));
    const logs = (await store.eventsAfter(centreId, interactionId, before, 1_000)).map(
      ({ event }) => event.type === 'updated' && event.context?.facts.log,
    );
    expect(logs).toEqual(['1', '2']);
  });

  it('and its answer is lost, those who follow are asked to look anew, and it is not done twice', async () => {
    const interactionId = await asked(tvId);
    const before = (await seqs(interactionId)).length;
    closed = true;
    const command = randomUUID();
    const first = say(tvId, interactionId, '1', command).catch((error: unknown) => error);
    const held = await gate(0);
    const second = say(tvId, interactionId, '2');
    await new Promise((resolve) => setImmediate(resolve));
    closed = false;
    await held.loseAnswer();
    expect(await first).toBeInstanceOf(UncertainError);
    expect((await second).ok).toBe(true);
    expect((await say(tvId, interactionId, '1', command)).ok).toBe(true);
    expect(doubted).toHaveLength(1);
    expect(await seqs(interactionId)).toHaveLength(before + 2);
  });

  it('for one of several commands, the others do not suffer', async () => {
    const interactionId = await asked(tvId);
    const other = await parts.tv('TV-2');
    closed = true;
    const first = say(tvId, interactionId, '1');
    const held = await gate(0);
    const good = door.request(from(other), stalledRequest);
    const bad = door.viewer(from(tvId), interactionId, null as never).catch((error: unknown) => error);
    await new Promise((resolve) => setImmediate(resolve));
    closed = false;
    await held.pass();
    expect([(await first).ok, (await good).ok]).toEqual([true, true]);
    expect(await bad).toBeInstanceOf(TypeError);
  });
});

it('[M4] a message leaves the snapshot as it was, and is counted all the same', async () => {
  const interactionId = await asked(tvId);
  const { agentId } = await parts.registration.addAgent(centreId, {
    email: 'sam@example',
    name: 'Sam Okafor',
    password: 'a long enough password',
    roles: ['agent'],
    skills: [],
    customersLookedAfter: [],
    capacity: 1,
  });
  await door.agentKnown(centreId, { agentId, name: 'Sam', skills: [], customersLookedAfter: [], capacity: 1 });
  await door.agentConnected(centreId, agentId);
  const offer = told
    .flatMap(({ interactions }) => interactions.flatMap(({ events }) => events))
    .map(({ event }) => event)
    .find((event) => event.type === 'offered');
  await door.agent(from(agentId), interactionId, { type: 'accept', offerId: offer?.offerId ?? '' });
  const accepted = await store.interaction(centreId, interactionId);
  for (const text of ['Good evening.', 'Let us look at it.']) {
    expect((await door.agent(from(agentId), interactionId, { type: 'sendMessage', text })).ok).toBe(true);
  }
  const after = await store.interaction(centreId, interactionId);
  expect(after?.version).toBe((accepted?.version ?? 0) + 2);
  expect(after?.value).toEqual(accepted?.value);
  const { rows } = await parts.fresh.database.query('select version from interactions where id = $1', [interactionId]);
  expect(rows).toEqual([{ version: accepted?.version }]);
  // A process that has not seen the messages cannot write over them.
  const stale: Changes = {
    interactions: [
      {
        next: after!.value,
        version: accepted!.version,
        changed: true,
        events: [{ interactionId, seq: accepted!.version + 1, at: Date.now(), event: { type: 'tvLost' } }],
      },
    ],
    agents: [],
    setTimers: [],
    cancelTimers: [],
    taken: [],
    lineVersion: null,
  };
  await expect(store.save(centreId, stale)).rejects.toMatchObject({ name: 'ConflictError' });
});
