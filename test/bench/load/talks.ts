/**
 * Pairs that talk: an agent and a TV in a talk through the service, or two bare connections
 * through the forwarder. Both send frames of the same size.
 */
import { stalledRequest } from '../../support/wire.ts';
import type { Centre, Server } from '../parts/ground.ts';
import { Client, forEach, letterOf, nextId, openAgent, openTv } from './client.ts';

/** Bytes of a frame as it is sent. */
export const FRAME_BYTES = 400;

/** What an event that answers a command of the reader's bears, and where: `{"v":1,"type":"event",`. */
const ANSWER = '"re":';
const ANSWER_AT = 22;

/** Two ends. `down` goes from one to the other, `up` back. */
export interface Pair {
  down(): void;
  up(): void;
  /** Called when the other end has it. */
  arrived: () => void;
  /** Called when the other end has it and the sender's answer is there, where there is one. */
  delivered: () => void;
  close(): Promise<void>;
}

/** A talk under way through the service, of which every message is committed. */
export class Talk implements Pair {
  readonly agent: Client;
  readonly tv: Client;
  readonly interactionId: string;
  arrived = () => {};
  delivered = () => {};
  #awaited = 0;

  constructor(agent: Client, tv: Client, interactionId: string) {
    this.agent = agent;
    this.tv = tv;
    this.interactionId = interactionId;
    // What the sender hears of its own message is not delivered to the other end; the answer is waited for.
    tv.heard = (data) => this.#heard(data, 'messageSent');
    agent.heard = (data) => this.#heard(data, '"updated"');
  }

  down(): void {
    this.#awaited = 2;
    const { interactionId } = this;
    this.agent.send(
      padded({ v: 1, id: nextId(), type: 'agent', interactionId, command: { type: 'sendMessage', text: '' } }),
    );
  }

  up(): void {
    this.#awaited = 2;
    const { interactionId } = this;
    const context = { serviceState: 'playing', facts: { log: 'm'.repeat(100), more: '' } };
    this.tv.send(padded({ v: 1, id: nextId(), type: 'viewer', interactionId, command: { type: 'update', context } }));
  }

  async close(): Promise<void> {
    await Promise.all([this.agent.close(), this.tv.close()]);
  }

  #heard(data: Buffer, event: string): void {
    const letter = letterOf(data);
    if (letter === 'r') throw new Error(`Refused: ${data.toString('utf8')}`);
    const isAnswer = letter === 'a' || (letter === 'e' && data.indexOf(ANSWER, ANSWER_AT) === ANSWER_AT);
    if (!isAnswer && !(letter === 'e' && data.includes(event))) return;
    if (!isAnswer) this.arrived();
    this.#awaited -= 1;
    if (this.#awaited === 0) this.delivered();
  }
}

/** What is live in the same talk: the TV's state goes down to the agent, and back comes that they are writing. */
export class LiveTalk implements Pair {
  readonly #talk: Talk;
  readonly #state: string;
  readonly #writing: string;
  arrived = () => {};
  delivered = () => {};

  constructor(talk: Talk) {
    this.#talk = talk;
    const live = { v: 1, type: 'live', interactionId: talk.interactionId };
    const playback = { state: 'playing', position: 312.48, buffered: 8.25, bitrate: 4200, dropped: 3 };
    const screen = {
      path: ['Settings', 'Network and internet', 'Wireless networks', 'Choose a network nearby'],
      focused: '',
    };
    this.#state = padded({ ...live, playback, screen });
    this.#writing = JSON.stringify({ ...live, writing: true }).padEnd(FRAME_BYTES);
    talk.tv.heard = talk.agent.heard = (data) => {
      const letter = letterOf(data);
      if (letter === 'r') throw new Error(`Refused: ${data.toString('utf8')}`);
      // l(ive); l(ine) goes to those who wait, and nobody does here.
      if (letter !== 'l') return;
      this.arrived();
      this.delivered();
    };
  }

  down(): void {
    this.#talk.tv.send(this.#state);
  }

  up(): void {
    this.#talk.agent.send(this.#writing);
  }

  async close(): Promise<void> {
    await this.#talk.close();
  }
}

/** Opens talks between all of a centre's agents and as many of its TVs, by asking for help, offer and accepting. */
export async function openTalks(server: Server, centre: Centre): Promise<Talk[]> {
  const agents = await forEach(centre.agents, 25, (agent) => openAgent(server, agent));
  const accepted = agents.map(async (agent) => ({ agent, interactionId: await acceptNext(agent) }));
  const tvs = await forEach(centre.tvs.slice(0, agents.length), 25, async (tv) => {
    const client = await openTv(server, tv);
    return { client, interactionId: await press(client) };
  });
  const byInteraction = new Map(tvs.map(({ client, interactionId }) => [interactionId, client]));
  return (await Promise.all(accepted)).map(
    ({ agent, interactionId }) => new Talk(agent, byInteraction.get(interactionId) as Client, interactionId),
  );
}

/** Asks for help. @returns the interaction's id, once the press is answered */
export async function press(tv: Client): Promise<string> {
  const id = nextId();
  tv.send(pressFrame(id));
  return await tv.next((message) =>
    (message.type === 'ack' || message.type === 'event') && message.re === id ? message.interactionId : undefined,
  );
}

/** One press, as a TV sends it. The fault is one that no catalogue knows, so that a person is asked for at once. */
export function pressFrame(id: string): string {
  const fault = { ...stalledRequest.fault, code: 'bench:stalled' };
  return JSON.stringify({ v: 1, id, type: 'request', request: { ...stalledRequest, fault } });
}

/** Waits for an offer and accepts it. @returns the interaction's id, once the talk began */
async function acceptNext(agent: Client): Promise<string> {
  const { interactionId, offerId } = await offered(agent);
  agent.send(
    JSON.stringify({ v: 1, id: nextId(), type: 'agent', interactionId, command: { type: 'accept', offerId } }),
  );
  return await agent.next((message) =>
    message.type === 'event' && message.event.type === 'accepted' ? message.interactionId : undefined,
  );
}

/** The next offer that comes. */
export async function offered(agent: Client): Promise<{ interactionId: string; offerId: string }> {
  return await agent.next((message) =>
    message.type === 'event' && message.event.type === 'offered'
      ? { interactionId: message.interactionId, offerId: message.event.offerId }
      : undefined,
  );
}

/** Two connections that the forwarder pairs. */
class BarePair implements Pair {
  readonly #one: Client;
  readonly #other: Client;
  arrived = () => {};
  delivered = () => {};
  readonly #frame = padded({
    v: 1,
    id: 'b1',
    type: 'agent',
    interactionId: '',
    command: { type: 'sendMessage', text: '' },
  });

  constructor(one: Client, other: Client) {
    this.#one = one;
    this.#other = other;
    one.heard = other.heard = () => {
      this.arrived();
      this.delivered();
    };
  }

  down(): void {
    this.#one.send(this.#frame);
  }

  up(): void {
    this.#other.send(this.#frame);
  }

  async close(): Promise<void> {
    await Promise.all([this.#one.close(), this.#other.close()]);
  }
}

export async function openBarePairs(server: Server, count: number): Promise<Pair[]> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  return await forEach(numbers, 25, async (n) => {
    const one = await Client.open(`${server.url}/?pair=${n}`);
    return new BarePair(one, await Client.open(`${server.url}/?pair=${n}`));
  });
}

/** The message as a frame of FRAME_BYTES: its empty text filled up. */
function padded(message: object): string {
  const frame = JSON.stringify(message);
  return frame.replace('""', `"${'m'.repeat(FRAME_BYTES - frame.length)}"`);
}
