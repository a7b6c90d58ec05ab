/** Many at once on the real tables: more commands than connections, agents who are asked once each, the order of the line. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Door } from '../../src/events/door.ts';
import type { Commit } from '../../src/events/ports.ts';
import { demoCentreId as centreId, openDoorParts, senderOf as from, type DoorParts } from '../support/doorParts.ts';
import { stalledRequest } from '../support/wire.ts';

let parts: DoorParts;
let door: Door;
let commits: Commit[];

beforeEach(async () => {
  parts = await openDoorParts();
  commits = [];
  const relay = { committed: (commit: Commit) => void commits.push(commit), uncertain: () => {} };
  door = new Door({ ...parts.options, relay });
});
afterEach(() => parts.fresh.drop());

const tv = (serial: string) => parts.tv(serial);

async function agent(name: string): Promise<string> {
  const { agentId } = await parts.registration.addAgent(centreId, {
    email: `${name}@example`,
    name,
    password: 'a long enough password',
    roles: ['agent'],
    skills: [],
    customersLookedAfter: [],
    capacity: 1,
  });
  await door.agentKnown(centreId, { agentId, name, skills: [], customersLookedAfter: [], capacity: 1 });
  await door.agentConnected(centreId, agentId);
  return agentId;
}

const offers = () =>
  commits.flatMap(({ interactions }) =>
    interactions.flatMap(({ interaction, events }) =>
      events.flatMap(({ event }) =>
        event.type === 'offered' ? [{ interactionId: interaction.id, agentId: event.agent.agentId }] : [],
      ),
    ),
  );

describe('[M4] many commands at once', () => {
  it('thirty TVs and five agents: every request is taken, every agent is asked once, nobody twice', async () => {
    const tvs = await Promise.all(Array.from({ length: 30 }, (_, n) => tv(`TV-${n}`)));
    const agents = await Promise.all(['alice', 'bob', 'carol', 'dan', 'erin'].map(agent));
    const answers = await Promise.all(tvs.map((tvId) => door.request(from(tvId), stalledRequest)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(30);
    expect(new Set(offers().map((one) => one.agentId))).toEqual(new Set(agents));
    expect(offers()).toHaveLength(5);
    expect(new Set(offers().map((one) => one.interactionId)).size).toBe(5);
  });

  it('[RT3] agents who come one after the other are offered the line in its order', async () => {
    const opened = [];
    for (let n = 0; n < 6; n += 1) {
      const answer = await door.request(from(await tv(`TV-${n}`)), stalledRequest);
      opened.push(answer.ok && answer.interactionId);
    }
    for (const name of ['alice', 'bob', 'carol', 'dan', 'erin', 'frank']) await agent(name);
    expect(offers().map((one) => one.interactionId)).toEqual(opened);
  });

  it('one command said forty times at once takes effect once and is answered alike', async () => {
    const tvId = await tv('TV-1');
    const sender = from(tvId);
    const answers = await Promise.all(Array.from({ length: 40 }, () => door.request(sender, stalledRequest)));
    expect(new Set(answers.map((answer) => answer.ok && answer.interactionId)).size).toBe(1);
    expect(commits.filter(({ interactions }) => interactions.length > 0)).toHaveLength(1);
  });

  it('[IX22] timers of what ended are taken back', async () => {
    const tvId = await tv('TV-1');
    const answer = await door.request(from(tvId), stalledRequest);
    await door.tvConnection(centreId, tvId, false);
    const timers = () => parts.fresh.database.query('select key from timers');
    expect((await timers()).rowCount).toBe(1);
    await door.viewer(from(tvId), (answer.ok && answer.interactionId) || '', { type: 'leave' });
    expect((await timers()).rowCount).toBe(0);
  });
});

describe('[M3] contact centres', () => {
  it('an interaction of another centre is not known, whatever its id', async () => {
    const answer = await door.request(from(await tv('TV-1')), stalledRequest);
    const interactionId = (answer.ok && answer.interactionId) || '';
    const elsewhere = { ...from('somebody'), centreId: 'elsewhere' };
    expect(await door.agent(elsewhere, interactionId, { type: 'end' })).toMatchObject({ ok: false, code: 'notFound' });
    expect(await door.viewer(elsewhere, interactionId, { type: 'leave' })).toMatchObject({
      ok: false,
      code: 'notFound',
    });
  });
});
