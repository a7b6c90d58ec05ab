import type { IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { Clock } from '../clock.ts';
import type { SipMessage, SipRequest, SipResponse } from '../messages/message.ts';
import { parseMessage, type StreamEvent } from '../messages/parse.ts';
import { Admission, type AdmissionLimits } from './admission.ts';
import { ConnectionLimits } from './connectionLimits.ts';
import { Connections } from './connections.ts';
import { Unreachable, type Flow, type HostPort, type TransportProtocol } from './flow.ts';
import { bracket, plain, type LocalAddresses } from './localAddress.ts';
import { noteReceived } from './received.ts';
import { defaultStreamLimits, type StreamOwner } from './stream.ts';
import type { Target } from './target.ts';
import { UdpListener } from './udp.ts';
import {
  defaultWebSocketLimits,
  refuseUpgrade,
  WebSocketListener,
  type WebSocketFlow,
  type WebSocketOwner,
} from './webSocket.ts';

/** RFC 3261 18.1.1: a request of this size may not go over UDP where the path's MTU is not known. */
const MAX_DATAGRAM_BYTES = 1300;

/** Where to listen. `0.0.0.0` is every IPv4 address of the machine, `::` every address of both kinds. */
export interface Listen extends HostPort {
  protocol: 'udp' | 'tcp' | 'tls';
  /** Certificate and key, for TLS. */
  tls?: TlsOptions;
}

/** An endpoint that was bound. */
export interface Endpoint extends HostPort {
  protocol: TransportProtocol;
}

export interface TransportOptions {
  /** Connections at once, WebSockets among them. */
  maxConnections: number;
  maxConnectionsPerAddress: number;
  admission: AdmissionLimits;
  /** How certificates of TLS peers are checked. */
  tlsClient?: ConnectionOptions | undefined;
}

/** What cannot be read: how to answer it, where it may be answered. */
export interface Unreadable {
  status: number;
  reason: string;
  request: SipRequest | null;
}

/** Gets what arrives. */
export interface TransportUser {
  requestReceived(request: SipRequest, flow: Flow): void;
  responseReceived(response: SipResponse, flow: Flow): void;
  unreadableReceived(unreadable: Unreadable, flow: Flow): void;
  /** Whether a datagram that was not read yet belongs to a request or a dialog of ours. */
  expects(datagram: Buffer): boolean;
  flowClosed(flow: Flow): void;
}

/** Every way in and out of the engine (RFC 3261 18). */
export class Transports implements StreamOwner, WebSocketOwner {
  readonly endpoints: Endpoint[] = [];
  readonly #user: TransportUser;
  readonly #addresses: LocalAddresses;
  readonly #options: TransportOptions;
  readonly #admission: Admission;
  readonly #datagrams: UdpListener[] = [];
  readonly #limits: ConnectionLimits;
  readonly #connections: Connections;
  readonly #webSockets: WebSocketListener;
  readonly #openWebSockets = new Map<string, WebSocketFlow>();

  constructor(user: TransportUser, addresses: LocalAddresses, clock: Clock, options: TransportOptions) {
    this.#user = user;
    this.#addresses = addresses;
    this.#options = options;
    this.#admission = new Admission(clock, options.admission);
    this.#limits = new ConnectionLimits(options.maxConnections, options.maxConnectionsPerAddress);
    this.#connections = new Connections(this, this.#limits, clock, defaultStreamLimits);
    this.#webSockets = new WebSocketListener(this, clock, defaultWebSocketLimits);
  }

  get connectionCount(): number {
    return this.#limits.count;
  }

  /** @throws where an address or port cannot be bound. */
  async listen(listen: Listen): Promise<void> {
    const { protocol } = listen;
    if (protocol === 'udp') {
      const listener = await UdpListener.bind(listen, (data, flow) => {
        this.#datagram(data, flow, listener);
      });
      this.#datagrams.push(listener);
      this.endpoints.push({ protocol, ...listener.local });
    } else {
      this.endpoints.push({ protocol, ...(await this.#connections.listen(protocol, listen, listen.tls)) });
    }
  }

  /** Takes over the handshake of a WebSocket from an HTTP server. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const address = plain(request.socket.remoteAddress ?? '');
    if (!this.#limits.admits(address)) {
      refuseUpgrade(socket, '503 Service Unavailable');
      return;
    }
    this.#limits.hold(socket, address);
    this.#webSockets.upgrade(request, socket, head, (flow) => {
      this.#openWebSockets.set(keyOf(flow.remote), flow);
    });
  }

  /**
   * The flow to a target, for a message of so many bytes: one that is open, else a new one.
   * @returns Unreachable where there is none, and for WebSocket peers, which only they can open.
   */
  flowTo(target: Target, bytes: number): Flow | Unreachable | Promise<Flow | Unreachable> {
    switch (target.protocol) {
      case 'udp': {
        const datagram = this.#datagramTo(target) ?? new Unreachable();
        if (bytes <= MAX_DATAGRAM_BYTES || target.explicit || !this.endpoints.some((each) => each.protocol === 'tcp')) {
          return datagram;
        }
        // RFC 3261 18.1.1: if the connection is refused, UDP is the way after all.
        const stream = this.#stream('tcp', target);
        return stream instanceof Promise
          ? stream.then((flow) => (flow instanceof Unreachable ? datagram : flow))
          : stream;
      }
      case 'tcp':
      case 'tls':
        return this.#stream(target.protocol, target);
      default:
        return new Unreachable();
    }
  }

  /** The open WebSocket that comes from this address. */
  webSocketFrom(remote: HostPort): Flow | undefined {
    return this.#openWebSockets.get(keyOf(remote));
  }

  /** A flow that leads nowhere, for a request that cannot be sent and is to be shown all the same. */
  anyFlow(): Flow | undefined {
    return this.#datagrams[0]?.flowTo({ address: '0.0.0.0', port: 0 });
  }

  /** Host and port under which a peer on this flow reaches us: what stands in Via and Contact. */
  sentBy(flow: Flow): string {
    const { protocol, local, remote } = flow;
    const host = this.#addresses.advertise(local, remote.address);
    if (protocol === 'udp' || protocol === 'ws' || protocol === 'wss') return `${host}:${String(local.port)}`;
    // A connection that we opened has a port of its own; peers come to where we listen.
    const listening = this.endpoints.find((each) => each.protocol === protocol);
    return `${host}:${String(listening?.port ?? local.port)}`;
  }

  /** Something that came on this flow was accepted: its address is no stranger's. */
  accepted(flow: Flow): void {
    this.#admission.accepted(flow.remote.address);
  }

  /** The endpoints as somebody outside reaches them, and as they were bound. */
  hostports(): { external: string; local: string } {
    const list = (host: (endpoint: Endpoint) => string) =>
      this.endpoints.map((each) => `${each.protocol}/${host(each)}:${String(each.port)}`).join(',');
    return {
      external: list((each) => this.#addresses.external(each.address)),
      local: list((each) => bracket(each.address)),
    };
  }

  /** Whether something sent to this target would come back to us. */
  isOurs(target: Target): boolean {
    return this.endpoints.some(
      (each) =>
        each.port === target.port && each.protocol === target.protocol && this.#addresses.isOurs(target.address),
    );
  }

  streamEvent(event: StreamEvent, flow: Flow): void {
    if (!this.#admission.admit(flow.remote.address, never)) flow.close();
    else if (event.type === 'message') this.#message(event.message, flow);
    else if (event.type === 'invalid' || event.type === 'lost') this.#unreadable(event, flow);
  }

  streamClosed(flow: Flow): void {
    this.#user.flowClosed(flow);
  }

  webSocketMessage(data: Buffer, flow: Flow): void {
    if (!this.#admission.admit(flow.remote.address, never)) {
      flow.close();
      return;
    }
    const result = parseMessage(data);
    if (result.ok) this.#message(result.message, flow);
    else this.#unreadable(result, flow);
  }

  webSocketClosed(flow: WebSocketFlow): void {
    this.#openWebSockets.delete(keyOf(flow.remote));
    this.#user.flowClosed(flow);
  }

  async close(): Promise<void> {
    this.#webSockets.close();
    for (const flow of [...this.#openWebSockets.values()]) flow.close();
    await Promise.all([...this.#datagrams.map((each) => each.close()), this.#connections.close()]);
  }

  #datagram(data: Buffer, flow: Flow, listener: UdpListener): void {
    // RFC 5626 and many a phone keep their firewall open with a few bytes.
    if (data.length <= 4) return;
    if (!this.#admission.admit(flow.remote.address, () => this.#user.expects(data))) return;
    const result = parseMessage(data);
    if (!result.ok) {
      this.#unreadable(result, flow);
    } else if (result.message.kind === 'response') {
      this.#user.responseReceived(result.message, flow);
    } else {
      const port = noteReceived(result.message.headers, flow);
      const { address } = flow.remote;
      this.#user.requestReceived(result.message, port === flow.remote.port ? flow : listener.flowTo({ address, port }));
    }
  }

  #message(message: SipMessage, flow: Flow): void {
    if (message.kind === 'response') {
      this.#user.responseReceived(message, flow);
    } else {
      noteReceived(message.headers, flow);
      this.#user.requestReceived(message, flow);
    }
  }

  #unreadable(unreadable: Unreadable, flow: Flow): void {
    if (unreadable.request) this.#user.unreadableReceived(unreadable, flow);
  }

  #datagramTo(target: Target): Flow | undefined {
    const six = isIPv6(target.address);
    const loopback = isLoopback(target.address);
    const fitting = this.#datagrams.filter(({ local }) => isIPv6(local.address) === six);
    if (!six) fitting.push(...this.#datagrams.filter(({ both }) => both));
    const listener =
      fitting.find(({ local }) => isLoopback(local.address) === loopback && !isAny(local.address)) ??
      fitting.find(({ local }) => isAny(local.address)) ??
      fitting[0];
    return listener?.flowTo(target);
  }

  #stream(protocol: 'tcp' | 'tls', target: Target): Flow | Unreachable | Promise<Flow | Unreachable> {
    const open = this.#connections.find(protocol, target);
    if (open) return open;
    if (this.#limits.full) return new Unreachable();
    return this.#connections.open(protocol, target, this.#options.tlsClient).then((flow) => {
      // Whom we have connected to is no stranger: what it says is not weighed against what strangers say.
      if (!(flow instanceof Unreachable)) this.accepted(flow);
      return flow;
    });
  }
}

/** A stranger's connection proves its address, and so has its part: it need not be looked at. */
function never(): boolean {
  return false;
}

function keyOf({ address, port }: HostPort): string {
  return `${address}|${String(port)}`;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}
