/**
 * A client on the bare wire, for tests of what the service says and when: no reconnecting, no
 * queue, nothing hidden. Tests await what arrives; nothing is polled.
 */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Ack, Refused, ServerMessage } from '../../src/protocol/server.ts';
import { fold, type InteractionView } from '../../src/protocol/view.ts';
import { CONNECT_PATH } from '../../src/protocol/version.ts';
import type { TvTold } from '../../src/protocol/facts.ts';
import type { ServiceRequest } from '../../src/interaction/facts.ts';

/** Milliseconds that a message may take; far above what is ever seen. */
const WITHIN = 30_000;

type Of<T extends ServerMessage['type']> = ServerMessage & { type: T };

export class WireClient {
  /** Everything that was heard, the earliest first. */
  readonly heard: ServerMessage[] = [];
  readonly views = new Map<string, InteractionView>();
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly socket: WebSocket;
  #listeners = new Set<() => void>();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.#hear(JSON.parse(data.toString('utf8')) as ServerMessage));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => {});
  }

  /** @throws Error with the HTTP status when the upgrade is refused */
  static async open(url: string, headers: Record<string, string> = {}): Promise<WireClient> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${CONNECT_PATH}`, { headers });
    const client = new WireClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Says it under `id` and waits for the answer to that id. */
  async ask(message: { type: string } & Record<string, unknown>, id: string = randomUUID()): Promise<Ack | Refused> {
    this.send({ v: 1, id, ...message });
    return await this.next(
      (one): one is Ack | Refused => (one.type === 'ack' || one.type === 'refused') && one.re === id,
    );
  }

  /** As `ask`, for what must be taken. @throws Error with the refusal */
  async tell(message: { type: string } & Record<string, unknown>, id?: string): Promise<Ack> {
    const answer = await this.ask(message, id);
    if (answer.type === 'refused') throw new Error(`${message.type} was refused: ${answer.code}: ${answer.message}`);
    return answer;
  }

  /** The first message that fits, heard already or to come. */
  async next<T extends ServerMessage>(fits: (message: ServerMessage) => message is T): Promise<T>;
  async next(fits: (message: ServerMessage) => boolean): Promise<ServerMessage>;
  async next(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    return await this.until(() => this.heard.find(fits));
  }

  /** The first message of a type. */
  async nextOf<T extends ServerMessage['type']>(type: T): Promise<Of<T>> {
    return await this.next((message): message is Of<T> => message.type === type);
  }

  /** Waits until an interaction's view fits, and returns it. */
  async view(interactionId: string, fits: (view: InteractionView) => boolean): Promise<InteractionView> {
    return await this.until(() => {
      const view = this.views.get(interactionId);
      return view !== undefined && fits(view) ? view : undefined;
    });
  }

  /** Looks after every message until `look` finds something. */
  async until<T>(look: () => T | undefined): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const done = () => {
        clearTimeout(late);
        this.#listeners.delete(listener);
      };
      const listener = () => {
        const found = look();
        if (found === undefined) return;
        done();
        resolve(found);
      };
      const late = setTimeout(() => {
        done();
        const last = this.heard.slice(-5).map((message) => JSON.stringify(message).slice(0, 300));
        reject(new Error(`What was waited for did not come. Heard last:\n${last.join('\n')}`));
      }, WITHIN);
      this.#listeners.add(listener);
      listener();
    });
  }

  /** Cuts the connection as a lost network does: no close frame. */
  cut(): void {
    this.socket.terminate();
  }

  #hear(message: ServerMessage): void {
    this.heard.push(message);
    if (message.type === 'event') {
      const view = fold(this.views.get(message.interactionId) ?? null, message);
      if (view !== null) this.views.set(message.interactionId, view);
    }
    for (const listener of [...this.#listeners]) listener();
  }
}

/** What the TV in the living room tells of itself. */
export const livingRoomTv: TvTold = {
  form: 'all-in-one',
  model: 'X40',
  displayModel: null,
  firmware: '4.2.1',
  engine: 'Chromium 120',
  mac: '02:00:5e:10:00:01',
  operator: 'Northlight',
  region: 'north',
  capabilities: { camera: false, microphone: false, webrtc: true, memoryMb: 2048 },
  user: null,
  wantedRepresentative: null,
};

/** The picture keeps stopping. */
export const stalledRequest: ServiceRequest = {
  fault: {
    code: 'playback:stalled',
    title: 'The picture keeps stopping',
    detail: { stalls: 6, rssi: -81 },
    since: 1_700_000_000_000,
    count: 6,
  },
  screen: { path: ['Player', 'Help prompt'], focused: 'Yes, get help', recentActions: ['OK on Play'] },
  context: { serviceState: 'playing', facts: { title: 'Harbour Lights', position: 312 } },
};

export interface TvCredentials {
  serial: string;
  secret: string;
}

/** Connects and registers a TV; resolves once it has what it missed. */
export async function registerTv(
  url: string,
  credentials: TvCredentials,
  options: { told?: Partial<TvTold>; resume?: { interactionId: string; seq: number }[] } = {},
): Promise<WireClient> {
  const client = await WireClient.open(url);
  client.send({
    v: 1,
    id: randomUUID(),
    type: 'registerTv',
    credentials: { kind: 'secret', ...credentials },
    told: { ...livingRoomTv, ...options.told },
    resume: options.resume ?? [],
  });
  await client.nextOf('resumed');
  return client;
}

/** Signs an agent in. @returns the Cookie header */
export async function signIn(url: string, email: string, password: string): Promise<string> {
  const response = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Couchline': '1' },
    body: JSON.stringify({ email, password }),
  });
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
  if (!response.ok || cookie === undefined) throw new Error(`Signing in was answered with ${response.status}.`);
  return cookie;
}

/** Connects and registers an agent's computer with a cookie; resolves once it has what it missed. */
export async function registerAgent(
  url: string,
  cookie: string,
  resume: { interactionId: string; seq: number }[] = [],
): Promise<WireClient> {
  const client = await WireClient.open(url, { cookie, origin: url });
  client.send({
    v: 1,
    id: randomUUID(),
    type: 'registerAgent',
    credentials: { kind: 'cookie' },
    told: { device: 'test bench', appVersion: '0' },
    resume,
  });
  await client.nextOf('resumed');
  return client;
}
