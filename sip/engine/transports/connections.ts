import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import {
  connect as connectTls,
  createServer as createTlsServer,
  TLSSocket,
  type ConnectionOptions,
  type Server as TlsServer,
  type TlsOptions,
} from 'node:tls';
import type { Clock } from '../clock.ts';
import type { StreamEvent } from '../messages/parse.ts';
import type { ConnectionLimits } from './connectionLimits.ts';
import { Unreachable, type Flow, type HostPort, type Remote } from './flow.ts';
import { plain } from './localAddress.ts';
import { StreamFlow, type StreamLimits, type StreamOwner } from './stream.ts';

/** A peer that does not even take the connection is given up after this. */
const CONNECT_MS = 5000;
/** Nor does a peer hold a connection for longer without having finished the handshake of TLS. */
const HANDSHAKE_MS = 10_000;

/** Every TCP and TLS connection, whoever opened it: one to a peer serves both directions (RFC 5923). */
export class Connections implements StreamOwner {
  readonly #owner: StreamOwner;
  readonly #limits: ConnectionLimits;
  readonly #clock: Clock;
  readonly #streamLimits: StreamLimits;
  readonly #servers: Server[] = [];
  /** Every socket that holds a descriptor, also before there is a flow and after it. */
  readonly #sockets = new Set<Socket>();
  readonly #flows = new Map<string, StreamFlow>();
  #closed = false;
  readonly #opening = new Map<string, Promise<StreamFlow | Unreachable>>();

  constructor(owner: StreamOwner, limits: ConnectionLimits, clock: Clock, streamLimits: StreamLimits) {
    this.#owner = owner;
    this.#limits = limits;
    this.#clock = clock;
    this.#streamLimits = streamLimits;
  }

  /** @returns what was bound. @throws where it cannot be bound. */
  async listen(protocol: 'tcp' | 'tls', listen: HostPort, tls: TlsOptions | undefined): Promise<HostPort> {
    const handshakes = protocol === 'tls' ? this.#handshakes(tls) : undefined;
    const server = createServer((socket) => {
      this.#accept(socket, handshakes);
    });
    await new Promise<void>((resolve, reject) => {
      // Later it tells of a connection that could not be taken, as without a free descriptor: the peer will see.
      server.on('error', reject);
      server.listen(listen.port, listen.address, resolve);
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
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Admitted before TLS: a handshake costs more than all that comes after it. */
  #accept(socket: Socket, handshakes: TlsServer | undefined): void {
    socket.on('error', () => undefined);
    const remote = remoteOf(socket);
    if (remote === undefined || !this.#limits.admits(remote.address)) {
      socket.destroy();
      return;
    }
    this.#hold(socket, remote.address);
    if (handshakes) handshakes.emit('connection', socket);
    else this.#keep('tcp', socket, remote);
  }

  /** What makes flows of TLS of the connections that it is handed; it listens nowhere itself. */
  #handshakes(tls: TlsOptions | undefined): TlsServer {
    const server = createTlsServer({ handshakeTimeout: HANDSHAKE_MS, ...tls }, (socket) => {
      const remote = remoteOf(socket);
      if (remote === undefined) socket.destroy();
      else this.#keep('tls', socket, remote);
    });
    return server.on('tlsClientError', (_error, socket) => {
      socket.destroy();
    });
  }

  #hold(socket: Socket, address: string): void {
    this.#limits.hold(socket, address);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  #keep(protocol: 'tcp' | 'tls', socket: Socket, remote: Remote): StreamFlow {
    const flow = new StreamFlow(protocol, socket, remote, this, this.#clock, this.#streamLimits);
    this.#flows.set(keyOf(protocol, remote), flow);
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
    this.#hold(socket, remote.address);
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

/** Undefined where it is gone already. */
function remoteOf({ remoteAddress, remotePort }: Socket): Remote | undefined {
  if (remoteAddress === undefined || remotePort === undefined) return undefined;
  return { address: plain(remoteAddress), port: remotePort };
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
