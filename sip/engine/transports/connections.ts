import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  connect as connectTls,
  createServer as createTlsServer,
  TLSSocket,
  type ConnectionOptions,
  type TlsOptions,
} from 'node:tls';
import type { Clock } from '../clock.ts';
import type { StreamEvent } from '../messages/parse.ts';
import { Unreachable, type Flow, type HostPort, type Remote } from './flow.ts';
import { plain, StreamFlow, type StreamLimits, type StreamOwner } from './stream.ts';

/** A peer that does not even take the connection is given up after this. */
const CONNECT_MS = 5000;

/** Whether one more connection from this address is welcome; asked before anything is read from it. */
export type Admission = (address: string) => boolean;

/** Every TCP and TLS connection, whoever opened it: one to a peer serves both directions (RFC 5923). */
export class Connections implements StreamOwner {
  readonly #owner: StreamOwner;
  readonly #admit: Admission;
  readonly #clock: Clock;
  readonly #limits: StreamLimits;
  readonly #servers: Server[] = [];
  readonly #flows = new Map<string, StreamFlow>();
  #closed = false;
  readonly #opening = new Map<string, Promise<StreamFlow | Unreachable>>();

  constructor(owner: StreamOwner, admit: Admission, clock: Clock, limits: StreamLimits) {
    this.#owner = owner;
    this.#admit = admit;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** @returns what was bound. @throws where it cannot be bound. */
  async listen(protocol: 'tcp' | 'tls', listen: HostPort, tls: TlsOptions | undefined): Promise<HostPort> {
    const server =
      protocol === 'tcp'
        ? createServer((socket) => {
            this.#accept('tcp', socket);
          })
        : createTlsServer(tls ?? {}, (socket) => {
            this.#accept('tls', socket);
          });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(listen.port, listen.address, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.#servers.push(server);
    const { address, port } = server.address() as AddressInfo;
    return { address, port };
  }

  /** The connection to this peer, where there is one. */
  find(protocol: 'tcp' | 'tls', remote: Remote): StreamFlow | undefined {
    return this.#flows.get(keyOf(protocol, remote));
  }

  /** Opens a connection; two that want the same peer share it. */
  async open(
    protocol: 'tcp' | 'tls',
    remote: Remote,
    tls: ConnectionOptions | undefined,
  ): Promise<StreamFlow | Unreachable> {
    if (this.#closed) return new Unreachable();
    const key = keyOf(protocol, remote);
    const known = this.#flows.get(key) ?? this.#opening.get(key);
    if (known) return known;
    const opening = this.#connect(protocol, remote, tls).finally(() => this.#opening.delete(key));
    this.#opening.set(key, opening);
    return opening;
  }

  streamEvent(event: StreamEvent, flow: Flow): void {
    this.#owner.streamEvent(event, flow);
  }

  streamOpened(flow: StreamFlow): void {
    this.#owner.streamOpened(flow);
  }

  streamClosed(flow: StreamFlow): void {
    const key = keyOf(flow.protocol, flow.remote);
    if (this.#flows.get(key) === flow) this.#flows.delete(key);
    this.#owner.streamClosed(flow);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = this.#servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          server.close(() => {
            resolve();
          });
        }),
    );
    for (const flow of [...this.#flows.values()]) flow.close();
    await Promise.all(closed);
  }

  #accept(protocol: 'tcp' | 'tls', socket: Socket): void {
    const address = plain(socket.remoteAddress ?? '');
    if (address === '' || !this.#admit(address)) {
      socket.destroy();
      return;
    }
    this.#keep(protocol, socket, { address, port: socket.remotePort ?? 0 });
  }

  #keep(protocol: 'tcp' | 'tls', socket: Socket, remote: Remote): StreamFlow {
    const flow = new StreamFlow(protocol, socket, remote, this, this.#clock, this.#limits);
    this.#flows.set(keyOf(protocol, remote), flow);
    this.streamOpened(flow);
    return flow;
  }

  async #connect(
    protocol: 'tcp' | 'tls',
    remote: Remote,
    tls: ConnectionOptions | undefined,
  ): Promise<StreamFlow | Unreachable> {
    const to = { host: remote.address, port: remote.port };
    // The certificate is checked against the domain, whatever address it led to (RFC 5922 4).
    const named = remote.domain === undefined ? to : { ...to, servername: remote.domain };
    const socket = protocol === 'tcp' ? connectTcp(to) : connectTls({ ...tls, ...named });
    let refusal: Unreachable | undefined;
    const timeout = this.#clock.start(CONNECT_MS, destroySocket, socket);
    const opened = await new Promise<boolean>((resolve) => {
      socket.once(protocol === 'tcp' ? 'connect' : 'secureConnect', () => {
        resolve(true);
      });
      socket.on('error', (error) => {
        if (socket instanceof TLSSocket && socket.authorizationError) refusal = refused(error);
        resolve(false);
      });
      socket.once('close', () => {
        resolve(false);
      });
    });
    this.#clock.stop(timeout);
    if (this.#closed) socket.destroy();
    return opened && !socket.destroyed ? this.#keep(protocol, socket, remote) : (refusal ?? new Unreachable());
  }
}

/** Over TLS a connection serves but the domain that its certificate was checked for (RFC 5923 9). */
function keyOf(protocol: string, { address, port, domain }: Remote): string {
  const checked = protocol === 'tls' && domain !== undefined ? `|${domain}` : '';
  return `${protocol}|${address}|${String(port)}${checked}`;
}

/** Why a peer's certificate was not taken, as a reason phrase. */
function refused({ message }: Error): Unreachable {
  return new Unreachable(`Certificate Refused: ${message.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 160)}`);
}

function destroySocket(socket: Socket): void {
  socket.destroy();
}
