/** How a command is answered: by an acknowledgement, or by the event that it led to, as the client registered. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EventMessage, ServerMessage } from '../../../src/protocol/server.ts';
import { openBench, type Bench, type Centre } from '../../support/bench.ts';
import { livingRoomTv, signIn, stalledRequest, WireClient } from '../../support/wire.ts';
import { heardAll, offered } from '../../support/wireSteps.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.close();
});
afterEach(() => bench.clear());

/** Registers on the bare wire. */
async function register(message: object, cookie?: string): Promise<WireClient> {
  const client = await WireClient.open(bench.url, cookie === undefined ? {} : { cookie, origin: bench.url });
  bench.afterwards(async () => {
    client.cut();
    await client.closed;
  });
  client.send({ v: 1, id: randomUUID(), resume: [], ...message });
  await client.nextOf('resumed');
  return client;
}

async function tvIn(centre: Centre, how: object): Promise<WireClient> {
  const credentials = { kind: 'secret', ...(await centre.addTv()) };
  return await register({ type: 'registerTv', credentials, told: livingRoomTv, ...how });
}

async function agentIn(centre: Centre, how: object): Promise<WireClient> {
  const { email, password } = await centre.addAgent('Sam Okafor');
  const told = { device: 'test bench', appVersion: '0' };
  return await register(
    { type: 'registerAgent', credentials: { kind: 'cookie' }, told, ...how },
    await signIn(bench.url, email, password),
  );
}

const byEvents = { answeredByEvents: true };
const answersTo = (client: WireClient, id: string) =>
  client.heard.filter((one) => 're' in one && one.re === id).map(({ type }) => type);
const isAnswer =
  (id: string) =>
  (one: ServerMessage): one is EventMessage =>
    one.type === 'event' && one.re === id;

/** A talk between an agent and a TV, and all that led to it. */
async function talk(how: object) {
  const centre = await bench.centre();
  const agent = await agentIn(centre, how);
  const tv = await tvIn(centre, how);
  await agent.tell({ type: 'setPresence', wish: { kind: 'ready' } });
  tv.send({ v: 1, id: 'help', type: 'request', request: stalledRequest });
  return { agent, tv };
}

describe('[M4] a client that takes events for answers', () => {
  it('hears the event that its command led to once, with the command’s id; the other side hears it without', async () => {
    const { agent, tv } = await talk(byEvents);
    const { interactionId } = await agent.nextOf('event');
    const { status } = await offered(agent, interactionId);
    const offerId = status.kind === 'offered' ? status.offerId : '';
    agent.send({ v: 1, id: 'yes', type: 'agent', interactionId, command: { type: 'accept', offerId } });
    expect(await agent.next(isAnswer('yes'))).toMatchObject({ interactionId, event: { type: 'accepted' } });

    agent.send({ v: 1, id: 'hello', type: 'agent', interactionId, command: { type: 'sendMessage', text: 'Hello' } });
    const said = await agent.next(isAnswer('hello'));
    expect(said).toMatchObject({ v: 1, interactionId, event: { type: 'messageSent', text: 'Hello' } });
    const heard = await tv.next((one) => one.type === 'event' && one.event.type === 'messageSent');
    const { re: _re, ...same } = said;
    expect(heard).toEqual(same);
    await heardAll(agent);
    expect([answersTo(agent, 'yes'), answersTo(agent, 'hello')]).toEqual([['event'], ['event']]);
  });

  it('hears an acknowledgement where no event is its to hear, or none came of it', async () => {
    const { agent, tv } = await talk(byEvents);
    // The last that the press led to is the offer, which is the desk's.
    const { interactionId } = await tv.nextOf('ack');
    expect(answersTo(tv, 'help')).toEqual(['ack']);
    agent.send({ v: 1, id: 'coffee', type: 'setPresence', wish: { kind: 'away', reason: 'coffee' } });
    await agent.next((one) => one.type === 'ack' && one.re === 'coffee');
    const nothingNew = { type: 'update', screen: stalledRequest.screen };
    tv.send({ v: 1, id: 'as-before', type: 'viewer', interactionId, command: nothingNew });
    await tv.next((one) => 're' in one && one.re === 'as-before');
    // Repeated, it is answered and not done again.
    tv.send({ v: 1, id: 'help', type: 'request', request: stalledRequest });
    await heardAll(tv);
    expect(answersTo(tv, 'help')).toEqual(['ack', 'ack']);
  });

  it('is refused as everybody is', async () => {
    const { agent } = await talk(byEvents);
    const { interactionId } = await agent.nextOf('event');
    const answer = await agent.ask({ type: 'agent', interactionId, command: { type: 'end' } }, 'end');
    expect(answer).toMatchObject({ type: 'refused', re: 'end' });
    expect(answersTo(agent, 'end')).toEqual(['refused']);
  });
});

describe('[M4] a client from before that', () => {
  it('hears the event without a word of the command, and an acknowledgement', async () => {
    const { agent, tv } = await talk({});
    const { interactionId } = await agent.nextOf('event');
    const { status } = await offered(agent, interactionId);
    const offerId = status.kind === 'offered' ? status.offerId : '';
    await agent.tell({ type: 'agent', interactionId, command: { type: 'accept', offerId } });
    await agent.tell({ type: 'agent', interactionId, command: { type: 'sendMessage', text: 'Hello' } }, 'hello');
    await tv.next((one) => one.type === 'event' && one.event.type === 'messageSent');
    await heardAll(agent);
    expect(answersTo(agent, 'hello')).toEqual(['ack']);
    expect(agent.heard.filter((one) => one.type === 'event' && 're' in one)).toEqual([]);
  });
});
