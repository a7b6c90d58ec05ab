import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Clock, TimerHandle } from '../clock.ts';
import type { Flow, HostPort } from './flow.ts';
import { plain } from './localAddress.ts';

/** RFC 7118 4: the subprotocol both sides must name. */
const SUBPROTOCOL = 'sip';
/** A SIP message is never longer; ws closes with 1009. */
const MAX_MESSAGE_BYTES = 320 * 1024;

export interface WebSocketLimits {
  /** Milliseconds between the pings that tell a dead peer. */
  pingMs: number;
  unreadBytes: number;
}

export const defaultWebSocketLimits: WebSocketLimits = { pingMs: 30_000, unreadBytes: 1024 * 1024 };

/** Who has a WebSocket: gets each message, and hears when it is gone. */
export interface WebSocketOwner {
  webSocketMessage(data: Buffer, flow: Flow): void;
  webSocketClosed(flow: WebSocketFlow): void;
}

/** One peer on a WebSocket (RFC 7118). Each message of the WebSocket is one SIP message. */
export class WebSocketFlow implements Flow {
  readonly protocol: 'ws' | 'wss';
  readonly reliable = true;
  readonly local: HostPort;
  readonly remote: HostPort;
  readonly #socket: WebSocket;
  readonly #owner: WebSocketOwner;
  readonly #clock: Clock;
  readonly #limits: WebSocketLimits;
  #closed = false;
  #answered = true;
  #ping: TimerHandle;

  constructor(
    socket: WebSocket,
    secure: boolean,
    local: HostPort,
    remote: HostPort,
    owner: WebSocketOwner,
    clock: Clock,
    limits: WebSocketLimits,
  ) {
    this.protocol = secure ? 'wss' : 'ws';
    this.local = local;
    this.remote = remote;
    this.#socket = socket;
    this.#owner = owner;
    this.#clock = clock;
    this.#limits = limits;
    socket.on('message', (data: Buffer) => {
      this.#answered = true;
      // RFC 7118 5.3 knows no keep-alive but the WebSocket's own; CRLF from clients that send it is harmless.
      if (data.length > 4) owner.webSocketMessage(data, this);
    });
    socket.on('pong', () => {
      this.#answered = true;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#gone();
    });
    this.#ping = clock.start(limits.pingMs, pingPeer, this);
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(message: Buffer): boolean {
    if (this.#closed) return false;
    if (this.#socket.bufferedAmount > this.#limits.unreadBytes) {
      this.close();
      return false;
    }
    this.#socket.send(message, { binary: !isUtf8(message) });
    return true;
  }

  close(): void {
    this.#socket.terminate();
    this.#gone();
  }

  /** Pings; a peer that did not answer the ping before is gone. */
  ping(): void {
    if (this.#closed) return;
    if (!this.#answered) {
      this.close();
      return;
    }
    this.#answered = false;
    this.#socket.ping();
    this.#ping = this.#clock.start(this.#limits.pingMs, pingPeer, this);
  }

  #gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#clock.stop(this.#ping);
    this.#owner.webSocketClosed(this);
  }
}

/** Turns upgrade requests into flows. The HTTP server they come from belongs to somebody else. */
export class WebSocketListener {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  readonly #owner: WebSocketOwner;
  readonly #clock: Clock;
  readonly #limits: WebSocketLimits;

  constructor(owner: WebSocketOwner, clock: Clock, limits: WebSocketLimits) {
    this.#owner = owner;
    this.#clock = clock;
    this.#limits = limits;
  }

  /**
   * Completes a handshake. Without the subprotocol `sip` it is refused with 400 (RFC 7118 4.1).
   * @param opened gets the flow before anything of it is read
   */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, opened: (flow: WebSocketFlow) => void): void {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
    if (!offered.includes(SUBPROTOCOL)) {
      refuseUpgrade(socket, '400 Bad Request');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      const { localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 } = request.socket;
      const secure = 'encrypted' in request.socket;
      const local = { address: plain(localAddress), port: localPort };
      const remote = { address: plain(remoteAddress), port: remotePort };
      opened(new WebSocketFlow(webSocket, secure, local, remote, this.#owner, this.#clock, this.#limits));
    });
  }

  close(): void {
    this.#server.close();
  }
}

/** Answers an upgrade that is not made, and hangs up, whether or not the peer does. @param status code and reason */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => undefined);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pingPeer(flow: WebSocketFlow): void {
  flow.ping();
}
