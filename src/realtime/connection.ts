/**
 * One live WebSocket. Frames are parsed here, once; what is not understood is told so and costs
 * little. Messages of one connection are handled one after the other, so that what a client said
 * first is done first; while too many wait, the socket is not read.
 */
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { CLOSE, PROTOCOL_VERSION } from '../protocol/version.ts';
import type { RefusalCode, ServerMessage } from '../protocol/server.ts';

/** Messages that wait for their turn before the socket is paused, and before it is read again. */
const PAUSE_AT = 32;
const RESUME_AT = 8;

/** A connection may say this many messages at once, and this many a second in the long run. */
const BURST = 80;
const PER_SECOND = 20;

/** So many messages that are refused as too fast or not understood end the connection. */
const PATIENCE = 40;

/** Bytes that may wait to be sent; a peer that does not read loses its connection and resumes later. */
const MAX_UNSENT_BYTES = 1024 * 1024;

/** A message in any shape, so far as is needed to answer it. */
const anyMessage = z.object({ v: z.unknown(), id: z.string().max(64).optional() });

export interface ConnectionEvents {
  /** A message of this protocol's version; `null` from the schema means it was refused already. */
  message(message: unknown): Promise<void>;
  closed(): void;
  /** Something of ours went wrong while a message was handled. */
  failed(error: unknown): void;
}

export class Connection {
  /** When anything was heard last, milliseconds since the epoch. */
  lastHeardAt: number;
  readonly address: string;
  readonly #socket: WebSocket;
  readonly #clock: () => number;
  readonly #events: ConnectionEvents;
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  #tokens = BURST;
  #refilledAt: number;
  #offences = 0;

  constructor(socket: WebSocket, address: string, clock: () => number, events: ConnectionEvents) {
    this.#socket = socket;
    this.address = address;
    this.#clock = clock;
    this.#events = events;
    this.lastHeardAt = clock();
    this.#refilledAt = this.lastHeardAt;
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('close', () => events.closed());
    // A frame too long or broken: ws closes with 1009 or 1002 by itself, and says so here.
    socket.on('error', () => {});
  }

  send(message: ServerMessage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#socket.send(JSON.stringify(message));
    if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES) this.terminate();
  }

  refuse(re: string | null, code: RefusalCode, message: string, retry = false): void {
    this.send({ v: PROTOCOL_VERSION, type: 'refused', re, code, message, retry });
  }

  /** Says goodbye on the WebSocket's level; harmless when closed already. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Cuts without a word: for peers that would not hear it. */
  terminate(): void {
    this.#socket.terminate();
  }

  /** Not understood, or too much: counted, and too many end the connection. */
  offend(code: number, reason: string): void {
    this.#offences += 1;
    if (this.#offences >= PATIENCE) this.close(code, reason);
  }

  #receive(data: RawData, isBinary: boolean): void {
    const now = this.#clock();
    this.lastHeardAt = now;
    const message = isBinary ? undefined : parse(data);
    const envelope = anyMessage.safeParse(message);
    if (!envelope.success) {
      this.refuse(null, 'malformed', 'This is not a message: one JSON object with v, id and type is taken.');
      this.close(CLOSE.malformed, 'not a message');
      return;
    }
    const { v, id = null } = envelope.data;
    if (v !== PROTOCOL_VERSION) {
      this.refuse(id, 'version', `Version ${PROTOCOL_VERSION} is spoken here. Update this app.`);
      this.close(CLOSE.version, `version ${PROTOCOL_VERSION} only`);
      return;
    }
    if (!this.#spend(now)) {
      this.refuse(id, 'rateLimited', 'Too many messages in a short time. Say it again in a few seconds.', true);
      this.offend(CLOSE.rateLimited, 'too many messages');
      return;
    }
    this.#waiting += 1;
    if (this.#waiting === PAUSE_AT) this.#socket.pause();
    this.#turn = this.#turn.then(() => this.#handle(message, id));
  }

  async #handle(message: unknown, id: string | null): Promise<void> {
    try {
      await this.#events.message(message);
    } catch (error) {
      this.#events.failed(error);
      this.refuse(id, 'unavailable', 'This was not kept: the service has trouble of its own. Say it again soon.', true);
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === RESUME_AT) this.#socket.resume();
    }
  }

  /** A bucket that fills with time; no timer of its own. */
  #spend(now: number): boolean {
    // A clock set back fills nothing; it takes nothing either.
    const passed = Math.max(0, now - this.#refilledAt);
    this.#tokens = Math.min(BURST, this.#tokens + (passed / 1000) * PER_SECOND);
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

function parse(data: RawData): unknown {
  try {
    return JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    return undefined;
  }
}
