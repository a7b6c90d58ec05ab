/** A client that costs the load's core little: frames are looked at as bytes unless somebody waits for one. */
import { WebSocket } from 'ws';
import { CONNECT_PATH, PING_EVERY_MS } from '../../../src/protocol/version.ts';
import type { ServerMessage } from '../../../src/protocol/server.ts';
import { livingRoomTv } from '../../support/wire.ts';
import type { Holder, Server } from '../parts/ground.ts';

/** Milliseconds; far above what is ever seen. */
const WITHIN = 60_000;

/** Where the type begins in a frame of the service's: `{"v":1,"type":"`. */
const TYPE_AT = 15;

let lastId = 0;

/** An id for a message; never the same twice. */
export function nextId(): string {
  return `b${(lastId += 1)}`;
}

/** Who is registered with the service, and so has to be heard of now and then. */
const registered = new Set<Client>();
setInterval(() => {
  for (const client of registered) client.send(JSON.stringify({ v: 1, id: nextId(), type: 'ping' }));
}, PING_EVERY_MS).unref();

export class Client {
  readonly #socket: WebSocket;
  #opened = false;
  #leaving = false;
  /** Hears every frame that nobody waited for. */
  heard: (data: Buffer) => void = () => {};
  #waiting: ((message: ServerMessage) => boolean) | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      if (this.#waiting === null) return this.heard(data);
      const message = JSON.parse(data.toString('utf8')) as ServerMessage;
      if (this.#waiting(message)) this.#waiting = null;
    });
    socket.on('error', () => {});
    socket.on('close', (code, reason) => {
      registered.delete(this);
      // What is measured without it would be something else.
      if (!this.#leaving && this.#opened) throw new Error(`A connection was closed with ${code} ${reason.toString()}`);
    });
  }

  static async open(url: string): Promise<Client> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const client = new Client(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        client.#opened = true;
        resolve();
      });
      socket.once('error', reject);
    });
    return client;
  }

  send(frame: string): void {
    this.#socket.send(frame);
  }

  /** As a WebSocket's pong that nobody asked for. */
  pong(): void {
    this.#socket.pong();
  }

  /** The first message to come from now on of which `look` makes something. */
  async next<T>(look: (message: ServerMessage) => T | undefined): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      let last = '';
      const late = setTimeout(() => reject(new Error(`What was waited for did not come. Heard last: ${last}`)), WITHIN);
      this.#waiting = (message) => {
        last = JSON.stringify(message);
        const found = look(message);
        if (found === undefined) return false;
        clearTimeout(late);
        resolve(found);
        return true;
      };
    });
  }

  /** Goes without a word, as when the network is gone. */
  cut(): void {
    this.#leaving = true;
    this.#socket.terminate();
  }

  /** Takes nothing more off the connection. */
  stopReading(): void {
    this.#socket.pause();
    // The service may lose patience with it.
    this.#leaving = true;
  }

  /** The service may close this connection, and that is no mistake. */
  mayBeClosed(): void {
    this.#leaving = true;
  }

  /** Whether the service has said goodbye. */
  get isClosed(): boolean {
    return this.#socket.readyState >= WebSocket.CLOSING;
  }

  async close(): Promise<void> {
    this.#leaving = true;
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => this.#socket.once('close', resolve));
    this.#socket.close();
    await closed;
  }
}

/** What a frame of the service's is, by the first letter of its type: e(vent), a(ck), r(efused or egistered) … */
export function letterOf(data: Buffer): string {
  return String.fromCharCode(data[TYPE_AT] ?? 0);
}

/** Connects and registers a TV with its session; resolves once it has what it missed. */
export async function openTv(server: Server, tv: Holder): Promise<Client> {
  const client = await Client.open(`${server.url}${CONNECT_PATH}`);
  client.send(registerTvFrame(tv));
  await resumed(client);
  return client;
}

/** Connects and registers an agent's computer with its session. */
export async function openAgent(server: Server, agent: Holder): Promise<Client> {
  const client = await Client.open(`${server.url}${CONNECT_PATH}`);
  client.send(
    JSON.stringify({
      v: 1,
      id: nextId(),
      type: 'registerAgent',
      credentials: { kind: 'session', token: agent.token },
      told: { device: 'benchmark', appVersion: '0' },
      resume: [],
      answeredByEvents: true,
    }),
  );
  await resumed(client);
  return client;
}

function registerTvFrame({ token }: Holder): string {
  return JSON.stringify({
    v: 1,
    id: nextId(),
    type: 'registerTv',
    credentials: { kind: 'session', token },
    told: livingRoomTv,
    resume: [],
    answeredByEvents: true,
  });
}

async function resumed(client: Client): Promise<void> {
  await client.next((message) => {
    if (message.type === 'refused') throw new Error(`Registering was refused: ${message.message}`);
    return message.type === 'resumed' ? true : undefined;
  });
  registered.add(client);
}

/** Does something for each, so many at a time. */
export async function forEach<T, R>(items: readonly T[], atOnce: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await act(items[index] as T);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return results;
}
