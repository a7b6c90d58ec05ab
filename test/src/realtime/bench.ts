/**
 * The endpoint alone, over a store in memory and clocks of the test's own. It listens on a socket
 * of the file system: those buffer 200 kB and no more, so that a peer who does not read is felt soon.
 */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import type { StoredEvent } from '../../../src/events/ports.ts';
import type { Interaction } from '../../../src/interaction/interaction.ts';
import type { ServerMessage } from '../../../src/protocol/server.ts';
import { CONNECT_PATH } from '../../../src/protocol/version.ts';
import { attachEndpoint, type Endpoint, type EndpointDeps } from '../../../src/realtime/endpoint.ts';
import { EventFrame } from '../../../src/realtime/eventFrame.ts';
import { Roster } from '../../../src/realtime/roster.ts';
import { Talks } from '../../../src/realtime/talks.ts';
import { livingRoomTv } from '../../support/wire.ts';

const YEAR = 365 * 24 * 60 * 60 * 1000;

/** A TV, or an agent's window, whose reading the test stops and starts. */
export class Peer {
  readonly socket: WebSocket;
  readonly heard: ServerMessage[] = [];
  /** The same as it came. */
  readonly frames: string[] = [];
  readonly closed: Promise<number>;
  readonly #looks = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => {
      this.frames.push(data.toString('utf8'));
      this.heard.push(JSON.parse(data.toString('utf8')) as ServerMessage);
      for (const look of [...this.#looks]) look();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
  }

  get seqs(): number[] {
    return this.heard.flatMap((one) => (one.type === 'event' ? [one.seq] : []));
  }

  say(message: object): void {
    this.socket.send(JSON.stringify({ v: 1, ...message }));
  }

  register(serial: string): void {
    const credentials = { kind: 'secret', serial, secret: 'a secret of sixteen or more' };
    this.say({ id: 'register', type: 'registerTv', credentials, told: livingRoomTv, resume: [] });
  }

  registerAgent(agentId: string): void {
    const credentials = { kind: 'session', token: agentId.padEnd(16, '.') };
    const told = { device: 'test bench', appVersion: '0' };
    this.say({ id: 'register', type: 'registerAgent', credentials, told, resume: [] });
  }

  /** Resolves once what was heard fits; the test's own time limit ends the wait. */
  async until(fits: (heard: ServerMessage[]) => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        if (!fits(this.heard)) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  async hears(type: ServerMessage['type'], re?: string): Promise<void> {
    await this.until((all) =>
      all.some((one) => one.type === type && (re === undefined || ('re' in one && one.re === re))),
    );
  }
}

export interface RealtimeBench {
  endpoint: Endpoint;
  roster: Roster;
  talks: Talks;
  /** What the endpoint's meter was told, `name` or `name argument`. */
  counted: string[];
  /** How often the store was read. */
  reads(): number;
  /** Moves a clock, by milliseconds, either way. */
  moveDate(ms: number): void;
  moveElapsed(ms: number): void;
  /** Commits an event for a TV's interaction, which has the TV's serial as its id, and relays it. */
  happen(serial: string, text: string): void;
  connect(): Promise<Peer>;
  /** A registered TV that follows its interaction. */
  tv(serial: string): Promise<Peer>;
  /** A registered window of an agent who has no work. */
  agent(agentId: string): Promise<Peer>;
  /** Commits that an agent helps a TV, in the interaction that has the TV's serial as its id. */
  helps(agentId: string, serial: string): void;
  /** Commits that the talk of a TV's interaction is over. */
  talkEnds(serial: string): void;
  /** A bare connection, without a word said; `allowHalfOpen` is one that does not hang up because the service does. */
  raw(options?: { allowHalfOpen: boolean }): Promise<Socket>;
  /** Connections that the service has open. */
  sockets(): Promise<number>;
  close(): Promise<void>;
}

export async function openRealtime(more: Partial<EndpointDeps> = {}): Promise<RealtimeBench> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-rt-'));
  const path = join(folder, 'socket');
  const server = createServer();
  const events = new Map<string, StoredEvent[]>();
  const roster = new Roster(
    async () => {},
    () => {},
  );
  const talks = new Talks();
  const counted: string[] = [];
  const begin = Date.now();
  let date = begin;
  let elapsed = 0;
  let reads = 0;
  const count = (name: string) => (argument?: string, other?: string) =>
    void counted.push([name, argument, other].filter((one) => one !== undefined).join(' '));

  const endpoint = attachEndpoint(server, {
    registration: {
      async registerTv({ serial }: { serial: string }) {
        return {
          centre: { id: 'north', name: 'North' },
          tvId: serial,
          name: serial,
          session: { token: 'token', expiresAt: begin + YEAR },
        };
      },
      async registerAgent(token: string) {
        return {
          centre: { id: 'north', name: 'North' },
          agentId: token.replace(/\.+$/, ''),
          name: 'Sam',
          skills: [],
          roles: ['agent'],
          customersLookedAfter: [],
          capacity: 1,
          sessionExpiresAt: begin + YEAR,
        };
      },
      onRevoked() {},
    } as unknown as EndpointDeps['registration'],
    store: {
      openInteractionOf: async (_centre: string, tvId: string) => tvId,
      agent: async () => null,
      async eventsAfter(_centre: string, interactionId: string, seq: number, limit: number) {
        reads += 1;
        return events.get(interactionId)?.slice(seq, seq + limit) ?? [];
      },
    } as unknown as EndpointDeps['store'],
    door: { agentKnown: async () => {} } as unknown as EndpointDeps['door'],
    roster,
    talks,
    lineChanged() {},
    clock: () => date,
    elapsed: () => elapsed,
    allowedOrigins: [],
    trustProxy: false,
    limits: { max: 0, perAddress: 0, ratePerAddress: 0 },
    registerWithinMs: 10_000,
    log: { info() {}, warn() {} },
    meter: {
      registration: count('registration'),
      turnedAway: count('turnedAway'),
      closed: count('closed'),
      messageRefused: count('messageRefused'),
      paused: count('paused'),
    },
    ...more,
  });
  server.listen(path);
  await once(server, 'listening');
  const peers: Peer[] = [];
  const raws: Socket[] = [];

  async function connect(): Promise<Peer> {
    const peer = new Peer(new WebSocket(`ws+unix:${path}:${CONNECT_PATH}`));
    peers.push(peer);
    await new Promise<void>((resolve, reject) => {
      peer.socket.once('open', resolve);
      peer.socket.once('error', reject);
    });
    return peer;
  }

  function stands(serial: string, state: object): void {
    talks.stands({ id: serial, tv: { tvId: serial }, state } as unknown as Interaction);
  }

  return {
    endpoint,
    roster,
    talks,
    counted,
    reads: () => reads,
    moveDate: (ms) => void (date += ms),
    moveElapsed: (ms) => void (elapsed += ms),
    happen(serial, text) {
      const kept = events.get(serial) ?? [];
      events.set(serial, kept);
      const event: StoredEvent = {
        interactionId: serial,
        seq: kept.length + 1,
        at: date,
        event: { type: 'messageSent', from: 'agent', name: 'Sam', text },
      };
      kept.push(event);
      for (const session of roster.of(serial)) session.deliver(serial, [new EventFrame(event)]);
    },
    connect,
    async tv(serial) {
      const peer = await connect();
      peer.register(serial);
      await peer.hears('resumed');
      return peer;
    },
    async agent(agentId) {
      const peer = await connect();
      peer.registerAgent(agentId);
      await peer.hears('resumed');
      return peer;
    },
    helps(agentId, serial) {
      stands(serial, { kind: 'active', agent: { agentId, name: 'Sam' } });
    },
    talkEnds(serial) {
      stands(serial, { kind: 'wrapUp', agent: { agentId: 'sam', name: 'Sam' } });
    },
    async raw(options) {
      const socket = createConnection({ path, ...options });
      raws.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    sockets: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
      ),
    async close() {
      for (const { socket } of peers) socket.terminate();
      for (const socket of raws) socket.destroy();
      await endpoint.close(0);
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
