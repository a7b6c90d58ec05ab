/**
 * A SIP peer at the level of messages: what a test says goes out as it stands, and what comes in
 * is kept until the test asks for it. No transaction, no retransmission, no courtesy of its own.
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, connect, isIPv6, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { cseqOf, header, headers, methodOf, readMessage, statusOf, writeMessage, type SipText } from './message.ts';

export interface Address {
  host: string;
  port: number;
}

export type Transport = 'udp' | 'tcp' | 'tls';

/** What a peer over TLS shows, and takes from the other side. */
export interface Identity {
  cert: string;
  key: string;
  /** Whom it trusts, where it asks the other side for a certificate. */
  ca?: string;
}

export interface Arrival extends SipText {
  from: Address;
}

type Matches = (message: Arrival) => boolean;

/** Header values of a message to be sent, in place of those of the same name that would stand there. */
export type Headers = Record<string, string | string[] | undefined>;

/** How long a peer listens for what it was promised, in milliseconds. */
const PATIENCE = 20_000;

export const random = () => randomBytes(6).toString('hex');

/** A Via branch that nobody has used, with the cookie of RFC 3261, 8.1.1.7. */
export const newBranch = () => `z9hG4bK${random()}`;

export class Peer {
  readonly user: string;
  readonly transport: Transport;
  /** Where its requests go. */
  readonly server: Address;
  #address: Address;
  readonly #sockets = new Set<Socket>();
  #udp: UdpSocket | undefined;
  #listening: Server | undefined;
  #stream: Socket | undefined;
  readonly #kept: Arrival[] = [];
  readonly #waiting = new Set<{ matches: Matches; resolve: (message: Arrival) => void }>();

  readonly #identity: Identity | undefined;

  private constructor(user: string, transport: Transport, server: Address, identity: Identity | undefined) {
    this.user = user;
    this.transport = transport;
    this.server = server;
    this.#address = { host: isIPv6(server.host) ? '::1' : '127.0.0.1', port: 0 };
    this.#identity = identity;
  }

  /**
   * @param user how it is called: "alice"
   * @param port where it hears; one of the kernel's choice where this is left out
   */
  static async open(
    user: string,
    server: Address,
    transport: Transport = 'udp',
    identity?: Identity,
    port = 0,
  ): Promise<Peer> {
    const peer = new Peer(user, transport, server, identity);
    await (transport === 'udp' ? peer.#openUdp(port) : peer.#openStream(port));
    return peer;
  }

  /** The same on another of this machine's addresses, such as 127.0.9.1. */
  static async at(host: string, user: string, server: Address, transport: Transport = 'udp'): Promise<Peer> {
    const peer = new Peer(user, transport, server, undefined);
    peer.#address = { host, port: 0 };
    await (transport === 'udp' ? peer.#openUdp(0) : peer.#openStream(0));
    return peer;
  }

  /** Where it hears. */
  get address(): Address {
    return this.#address;
  }

  get uri(): string {
    return `sip:${this.user}@${this.#hostPort}${this.#suffix}`;
  }

  get contact(): string {
    return `<${this.uri}>`;
  }

  /** What an application calls to reach it: no more than host and port. */
  get #suffix(): string {
    return this.transport === 'udp' ? '' : `;transport=${this.transport}`;
  }

  get #hostPort(): string {
    const { host, port } = this.#address;
    return `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  }

  /** A Via of this peer's own. */
  via(branch: string): string {
    const protocol = this.transport.toUpperCase();
    return `SIP/2.0/${protocol} ${this.#hostPort};branch=${branch};rport`;
  }

  /** Sends bytes as they are, to the server unless told otherwise. */
  async send(bytes: Buffer | string, to: Address = this.server): Promise<void> {
    const data = Buffer.from(bytes);
    if (this.#udp !== undefined) {
      const socket = this.#udp;
      await new Promise<void>((done, fail) =>
        socket.send(data, to.port, to.host, (error) => (error === null ? done() : fail(error))),
      );
      return;
    }
    if (this.#stream === undefined || this.#stream.destroyed) {
      const secure = this.transport === 'tls';
      const stream = secure
        ? connectTls({ ...to, ...this.#identity, ca: this.#identity?.ca ?? this.#identity?.cert })
        : connect(to.port, to.host);
      this.#take(stream);
      await once(stream, secure ? 'secureConnect' : 'connect');
      this.#stream = stream;
    }
    this.#stream.write(data);
  }

  /** Writes a message and sends it. @returns the message, for those that refer to it later */
  async say(message: SipText, to?: Address): Promise<SipText> {
    await this.send(writeMessage(message), to);
    return message;
  }

  /** Answers a request with the headers that RFC 3261, 8.2.6.2 wants, and `tag` in To unless one is there. */
  async respond(request: Arrival, status: number, more: Reply = {}): Promise<SipText> {
    const { tag = 'peer', headers: extra = {}, body = '' } = more;
    const to = header(request, 'to') ?? '';
    const given: [string, string][] = [
      ...headers(request, 'via').map((value): [string, string] => ['Via', value]),
      ...headers(request, 'record-route').map((value): [string, string] => ['Record-Route', value]),
      ['From', header(request, 'from') ?? ''],
      ['To', status === 100 || /;\s*tag=/i.test(to) ? to : `${to};tag=${tag}`],
      ['Call-ID', header(request, 'call-id') ?? ''],
      ['CSeq', header(request, 'cseq') ?? ''],
    ];
    if (status > 100 && status < 300) given.push(['Contact', this.contact]);
    return this.say(
      {
        start: `SIP/2.0 ${status} ${more.reason ?? 'As You Say'}`,
        headers: [...replaced(given, withType(extra, body))],
        body: Buffer.from(body),
      },
      request.from,
    );
  }

  /**
   * The next message that fits, of those that came and were not asked for yet and those to come.
   * @throws Error saying what came instead, when none does in time
   */
  async next(what: string | number | Matches, within = PATIENCE): Promise<Arrival> {
    const matches = matching(what);
    const at = this.#kept.findIndex(matches);
    if (at !== -1) return this.#kept.splice(at, 1)[0] as Arrival;
    return new Promise<Arrival>((resolve, reject) => {
      const waiting = {
        matches,
        resolve: (message: Arrival) => {
          clearTimeout(timer);
          resolve(message);
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiting);
        const heard = this.#kept.map(({ start }) => start).join(', ') || 'nothing';
        reject(new Error(`${this.user} waited ${within} ms for ${String(what)}. What it heard besides: ${heard}.`));
      }, within);
      this.#waiting.add(waiting);
    });
  }

  /** How many messages that fit are kept and not asked for. */
  count(what: string | number | Matches): number {
    return this.#kept.filter(matching(what)).length;
  }

  /** How many connections it has. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Breaks its connections; it goes on listening. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#stream = undefined;
  }

  async close(): Promise<void> {
    this.#udp?.close();
    this.#udp = undefined;
    for (const socket of this.#sockets) socket.destroy();
    const listening = this.#listening;
    this.#listening = undefined;
    if (listening !== undefined) await new Promise((done) => listening.close(done));
  }

  async #openUdp(port: number): Promise<void> {
    const { host } = this.#address;
    const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
    socket.on('message', (bytes, { address, port }) => this.#heard(bytes, { host: address, port }));
    socket.bind(port, host);
    await once(socket, 'listening');
    this.#udp = socket;
    this.#address = { host, port: socket.address().port };
  }

  async #openStream(port: number): Promise<void> {
    const accept = (socket: Socket) => {
      this.#take(socket);
      // What a server that called us is answered on its own connection.
      this.#stream ??= socket;
    };
    const secure = this.transport === 'tls';
    const listening = secure
      ? createTlsServer({ ...this.#identity, requestCert: this.#identity?.ca !== undefined }, accept)
      : createServer(accept);
    const { host } = this.#address;
    listening.listen(port, host);
    await once(listening, 'listening');
    this.#listening = listening;
    this.#address = { host, port: (listening.address() as AddressInfo).port };
  }

  #take(socket: Socket): void {
    this.#sockets.add(socket);
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (more: Buffer) => {
      bytes = this.#heard(Buffer.concat([bytes, more]), {
        host: socket.remoteAddress ?? '',
        port: socket.remotePort ?? 0,
      });
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#stream === socket) this.#stream = undefined;
    });
  }

  /** Takes the messages off the bytes. @returns what is left of them */
  #heard(bytes: Buffer, from: Address): Buffer {
    let rest = bytes;
    for (let read = readMessage(rest); read !== null; read = readMessage(rest)) {
      rest = read.rest;
      const arrival = { ...read.message, from };
      const waiting = [...this.#waiting].find(({ matches }) => matches(arrival));
      if (waiting === undefined) {
        this.#kept.push(arrival);
      } else {
        this.#waiting.delete(waiting);
        waiting.resolve(arrival);
      }
    }
    return rest;
  }
}

interface Reply {
  reason?: string;
  /** The To tag of one who has none yet. */
  tag?: string;
  headers?: Headers;
  /** SDP unless a Content-Type says otherwise. */
  body?: string;
}

/** A method ("BYE"), a status (200), a status of a method ("200 BYE"), or a test of one's own. */
function matching(what: string | number | Matches): Matches {
  if (typeof what === 'function') return what;
  const [, status, method] = /^(\d{3})?\s*(\w+)?$/.exec(String(what)) ?? [];
  if (status === undefined) return (message) => methodOf(message) === method;
  return (message) =>
    statusOf(message) === Number(status) && (method === undefined || cseqOf(message).method === method);
}

/** @param extra values in place of those given; undefined leaves the header out, a list says it several times */
export function replaced(given: [string, string][], extra: Headers): [string, string][] {
  const names = Object.keys(extra).map((name) => name.toLowerCase());
  const kept = given.filter(([name]) => !names.includes(name.toLowerCase()));
  const added = Object.entries(extra).flatMap(([name, value]) =>
    (value === undefined ? [] : [value].flat()).map((one): [string, string] => [name, one]),
  );
  return [...kept, ...added];
}

export function withType(extra: Headers, body: string): Headers {
  const told = Object.keys(extra).some((name) => name.toLowerCase() === 'content-type');
  return body === '' || told ? extra : { ...extra, 'Content-Type': 'application/sdp' };
}
