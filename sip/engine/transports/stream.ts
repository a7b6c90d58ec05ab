import type { Socket } from 'node:net';
import type { Clock, TimerHandle } from '../clock.ts';
import { StreamParser, type StreamEvent } from '../messages/parse.ts';
import type { Flow, HostPort, Remote } from './flow.ts';
import { plain } from './localAddress.ts';

/** What keeps a stream's peer from costing us more than it should. */
export interface StreamLimits {
  /** Milliseconds that a message begun may take to arrive whole: who sends a byte a minute is let go. */
  messageMs: number;
  /** Milliseconds after which a connection that nobody uses is closed. Keep-alives (RFC 5626 3.5.1) are use. */
  idleMs: number;
  /** Bytes that may wait for a peer that does not read. */
  unreadBytes: number;
}

export const defaultStreamLimits: StreamLimits = { messageMs: 20_000, idleMs: 900_000, unreadBytes: 1024 * 1024 };

/** Who has a stream: gets what arrives, and hears when it is gone. */
export interface StreamOwner {
  streamEvent(event: StreamEvent, flow: Flow): void;
  streamClosed(flow: StreamFlow): void;
}

const PONG = Buffer.from('\r\n');

/** A TCP or TLS connection with one peer, whoever opened it. */
export class StreamFlow implements Flow {
  readonly protocol: 'tcp' | 'tls';
  readonly reliable = true;
  readonly local: HostPort;
  readonly remote: Remote;
  readonly #socket: Socket;
  readonly #owner: StreamOwner;
  readonly #clock: Clock;
  readonly #limits: StreamLimits;
  readonly #parser = new StreamParser();
  #closed = false;
  #usedAt: number;
  #idle: TimerHandle;
  #message: TimerHandle;

  constructor(
    protocol: 'tcp' | 'tls',
    socket: Socket,
    remote: Remote,
    owner: StreamOwner,
    clock: Clock,
    limits: StreamLimits,
  ) {
    this.protocol = protocol;
    this.local = { address: plain(socket.localAddress ?? ''), port: socket.localPort ?? 0 };
    this.remote = remote;
    this.#socket = socket;
    this.#owner = owner;
    this.#clock = clock;
    this.#limits = limits;
    this.#usedAt = clock.now();
    this.#idle = clock.start(limits.idleMs, checkIdle, this);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#read(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#gone();
      clock.stop(this.#message);
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  send(message: Buffer): boolean {
    if (this.#closed || this.#socket.writableLength > this.#limits.unreadBytes) {
      this.close();
      return false;
    }
    this.#usedAt = this.#clock.now();
    this.#socket.write(message);
    return true;
  }

  close(): void {
    this.#socket.destroy();
    this.#gone();
  }

  /** Nobody used it for a while: closed. */
  closeIdle(): void {
    const unused = this.#clock.now() - this.#usedAt;
    if (unused >= this.#limits.idleMs) this.close();
    else this.#idle = this.#clock.start(this.#limits.idleMs - unused, checkIdle, this);
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return;
    for (const event of this.#parser.feed(chunk)) {
      if (this.#closed) return;
      this.#usedAt = this.#clock.now();
      if (event.type === 'ping') this.send(PONG);
      else this.#owner.streamEvent(event, this);
      if (event.type === 'lost') {
        // What was answered may still leave; a peer that does not hang up then is not waited for.
        this.#socket.end();
        this.#gone();
        this.#message = this.#clock.start(this.#limits.messageMs, closeSlow, this);
        return;
      }
      this.#clock.stop(this.#message);
      this.#message = undefined;
    }
    if (this.#parser.pending > 0) this.#message ??= this.#clock.start(this.#limits.messageMs, closeSlow, this);
  }

  #gone(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#clock.stop(this.#idle);
    this.#clock.stop(this.#message);
    this.#owner.streamClosed(this);
  }
}

function checkIdle(flow: StreamFlow): void {
  flow.closeIdle();
}

function closeSlow(flow: StreamFlow): void {
  flow.close();
}
