/** A service whose every word is scripted by the test, on a real socket. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket as ServerSocket } from 'ws';
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import type { ServiceRequest, TvSummary } from '../../../src/interaction/facts.ts';
import { browser } from '../../../web/connector/surroundings.ts';
import type { BrowserNavigator, Surroundings } from '../../../web/connector/surroundings.ts';

export type Said = Record<string, unknown> & { id: string; type: string };

/** One client's connection, seen from the service. */
export class Peer {
  readonly heard: Said[] = [];
  readonly closed: Promise<void>;
  private readonly socket: ServerSocket;
  private waiting: { type: string; resolve: (message: Said) => void }[] = [];
  private unread: Said[] = [];

  constructor(socket: ServerSocket) {
    this.socket = socket;
    this.closed = once(socket, 'close').then(() => undefined);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Said;
      this.heard.push(message);
      const at = this.waiting.findIndex(({ type }) => type === message.type);
      const [waiter] = at === -1 ? [] : this.waiting.splice(at, 1);
      if (waiter === undefined) this.unread.push(message);
      else waiter.resolve(message);
    });
  }

  /** The next message of this type that was not read yet. */
  next(type: string): Promise<Said> {
    const at = this.unread.findIndex((message) => message.type === type);
    const [message] = at === -1 ? [] : this.unread.splice(at, 1);
    if (message !== undefined) return Promise.resolve(message);
    return new Promise((resolve) => this.waiting.push({ type, resolve }));
  }

  send(message: object): void {
    this.socket.send(JSON.stringify({ v: 1, ...message }));
  }

  raw(text: string): void {
    this.socket.send(text);
  }

  event(seq: number, event: InteractionEvent, interactionId = 'i1'): void {
    this.send({ type: 'event', interactionId, seq, at: 1000 + seq, event });
  }

  ack(to: Said, interactionId?: string): void {
    this.send({ type: 'ack', re: to.id, ...(interactionId === undefined ? {} : { interactionId }) });
  }

  refuse(to: Said, code: string, message = 'No.', retry = false): void {
    this.send({ type: 'refused', re: to.id, code, message, retry });
  }

  close(code: number, reason = ''): void {
    this.socket.close(code, reason);
  }

  /** Reads the TV's registration and takes it. */
  async registerTv({ token = null, open = [] }: { token?: string | null; open?: string[] } = {}): Promise<Said> {
    const registration = await this.next('registerTv');
    this.registered(registration, token);
    this.send({ type: 'resumed', open });
    return registration;
  }

  registered(registration: Said, token: string | null = null): void {
    this.send({
      type: 'registered',
      re: registration.id,
      centre: { id: 'c1', name: 'Acme TV' },
      session: token === null ? null : { token, expiresAt: Date.now() + 3_600_000 },
      self: { role: 'tv', tvId: 'tv1', name: 'Living room TV' },
      now: Date.now(),
    });
  }

  async registerAgent({ open = [] as string[], ahead = 0 } = {}): Promise<Said> {
    const registration = await this.next('registerAgent');
    this.send({
      type: 'registered',
      re: registration.id,
      centre: { id: 'c1', name: 'Acme TV' },
      session: null,
      self: { role: 'agent', agentId: 'sam', name: 'Sam', roles: ['agent'], skills: ['tv'] },
      now: Date.now() + ahead,
    });
    this.send({ type: 'resumed', open });
    return registration;
  }
}

export interface Service {
  url: string;
  /** The next connection that nobody asked for yet. */
  connection(): Promise<Peer>;
  /** How many there were in all. */
  count(): number;
  /** What HTTP requests are answered with, by path. */
  answers: Map<string, (body: unknown) => { status: number; body: object }>;
  stop(): Promise<void>;
}

export async function startService(): Promise<Service> {
  const answers: Service['answers'] = new Map();
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const answer = answers.get(request.url?.split('?')[0] ?? '')?.(body) ?? { status: 404, body: {} };
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  const sockets = new WebSocketServer({ server, path: '/connect' });
  const unasked: Peer[] = [];
  const asking: ((peer: Peer) => void)[] = [];
  let count = 0;
  sockets.on('connection', (socket) => {
    count += 1;
    const peer = new Peer(socket);
    const ask = asking.shift();
    if (ask === undefined) unasked.push(peer);
    else ask(peer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connection() {
      const peer = unasked.shift();
      return peer === undefined ? new Promise((resolve) => asking.push(resolve)) : Promise.resolve(peer);
    },
    count: () => count,
    answers,
    async stop() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.closeAllConnections();
      // Once more is harmless.
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? null : JSON.parse(text);
}

/** The browser of a test: real sockets, no waits before reconnecting, its own window. */
export interface Room extends Surroundings {
  window: EventTarget;
  document: EventTarget & { visibilityState: string };
  navigator: BrowserNavigator;
}

export function room(changes: Partial<Room> = {}): Room {
  return {
    ...browser(),
    random: () => 0,
    window: new EventTarget(),
    document: Object.assign(new EventTarget(), { visibilityState: 'visible' }),
    navigator: { userAgent: 'Mozilla/5.0 Chrome/120.0.0.0', onLine: true },
    ...changes,
  };
}

/** `localStorage` in a Map. */
export function shelf(): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> & { items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/** Resolves with the first state that fits, the present one included. */
export function until<S>(
  connector: { readonly state: S; subscribe(listener: (state: S) => void): () => void },
  fits: (state: S) => boolean,
): Promise<S> {
  return new Promise((resolve) => {
    if (fits(connector.state)) {
      resolve(connector.state);
      return;
    }
    const end = connector.subscribe((state) => {
      if (!fits(state)) return;
      end();
      resolve(state);
    });
  });
}

const livingRoom: TvSummary = {
  tvId: 'tv1',
  serial: 'LR-1',
  form: 'all-in-one',
  model: 'X40',
  displayModel: null,
  firmware: '4.2.1',
  engine: 'Chromium 120',
  name: 'Living room TV',
  customer: null,
};

export const nothingKnown: ServiceRequest = {
  fault: null,
  screen: { path: [], focused: null, recentActions: [] },
  context: { serviceState: 'unknown', facts: {} },
};

export const requested: InteractionEvent = {
  type: 'requested',
  tv: livingRoom,
  request: nothingKnown,
  origin: 'viewer',
};

export const sam = { agentId: 'sam', name: 'Sam' };

export const match = {
  queueId: 'q1',
  queueName: 'Help line',
  preferredAgentIds: [],
  preferredUntil: null,
  rule: 'queue' as const,
  reason: '',
};

export const queued: InteractionEvent = { type: 'queued', match, priority: 0, arrivedAt: 1000, why: 'joined' };
