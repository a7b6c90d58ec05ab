/**
 * One live WebSocket. Whole frames of text, nearly all there are, are taken off the socket here; ws reads the rest.
 * Messages are parsed here, once; what is not understood is told so and costs little. Messages of one connection are handled one after the other, so that what a client said
 * first is done first; while too many wait, the socket is not read.
 *
 * A peer that does not read is paused: it is not read either, and events are not queued for it
 * but read from the store once its socket has drained (session.ts). What waits for it is bounded
 * by MAX_UNSENT_BYTES, the frame that went beyond, and the answers to PAUSE_AT messages.
 *
 * Thousands of them are idle. So a connection holds no closures and no timers, and what only a
 * busy one needs is made when it is needed.
 */
import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { RefusalCode, ServerMessage } from '../protocol/server.ts';
import { BURDEN, BURDEN_AT_ONCE, lightened } from './burden.ts';
import { asServerFrame, endOfText, OWED_UNKNOWN, owedAfter } from './clientText.ts';
import { CODES, reasonOf } from './closeCodes.ts';
import { holdBack } from './heldBack.ts';
import type { CloseReason, EndpointMeter } from './meter.ts';
import type { Way } from './talks.ts';
import { payloadAt, textFrame } from './textFrame.ts';

/** Messages that wait for their turn before the socket is paused, and before it is read again. */
const PAUSE_AT = 32;
const RESUME_AT = 8;

/** So many messages that are refused as too fast or not understood end the connection. */
const PATIENCE = 40;

/** Bytes that may wait to be sent before the peer is paused. */
const MAX_UNSENT_BYTES = 256 * 1024;

/** Bytes that may wait to be sent where what passes is still sent: a peer that is a little behind is not held up. */
const PASSING_BYTES = 16 * 1024;

/** The longest id a message may carry. */
const MAX_ID = 64;

/** Milliseconds that a peer which is not read any more has to hear why. */
const HEARD_WITHIN_MS = 1_000;

/** What looks after connections; one for all of them. */
export interface ConnectionOwner {
  readonly meter: EndpointMeter;
  /** Milliseconds that only ever grow: how long things take is no matter of the date. */
  elapsed(): number;
  /** Takes one of what the connection may say; false when it says too much. */
  mayTalk(connection: Connection, waiting: number): boolean;
  /**
   * A message that is true only for a moment; it waits for no other.
   * @param frame the message as it came, framed as a server frames it
   * @returns the way it went; null when it is to be handled as any other
   */
  live(connection: Connection, message: object, frame: Buffer): Way | null;
  /** Another one the same way, not parsed yet. @returns false when it is to be parsed */
  liveAsWritten(connection: Connection, way: Way, frame: Buffer): boolean;
  /** A message of this protocol's version, with an id that is text or missing. */
  message(connection: Connection, message: object): Promise<void>;
  closed(connection: Connection): void;
  /** Something of ours went wrong while a message was handled. */
  failed(connection: Connection, error: unknown): void;
}

const CONNECTION = Symbol('connection');
type Carrier<T> = T & { [CONNECTION]: Connection };
type HearData = (this: Duplex, chunk: Buffer) => void;

export class Connection {
  readonly address: string;
  /** The session that came with the WebSocket's first request; until it is registered. */
  cookieToken: string | null;
  /** When the registration is over, milliseconds since the epoch. */
  expiresAt = 0;
  /** Which of the TV's or agent's sessions it was registered with. */
  sessionKey = '';
  /** In the owner's elapsed milliseconds, as the next. */
  readonly openedAt: number;
  lastHeardAt: number;
  readonly #socket: WebSocket;
  readonly #wire: Duplex;
  readonly #owner: ConnectionOwner;
  /** What ws hears the socket by. */
  readonly #wsHears: HearData | null;
  /** Bytes that ws lacks until it is between two messages. */
  #owed = 0;
  /** What was live went this way last. */
  #way: Way | null = null;
  #handling = false;
  #waiting: object[] | null = null;
  #offences = 0;
  /** What it put on the service lately (burden.ts), and when some was taken off last. */
  #burden = 0;
  #lightenedAt: number;
  #countsControl = false;
  #hungUp = false;
  #pause: { since: number; drained: PromiseWithResolvers<void> } | null = null;
  #why: CloseReason | null = null;

  /** @param wire what the WebSocket writes to */
  constructor(socket: WebSocket, wire: Duplex, address: string, cookieToken: string | null, owner: ConnectionOwner) {
    this.#socket = socket;
    this.#wire = wire;
    this.address = address;
    this.cookieToken = cookieToken;
    this.#owner = owner;
    this.openedAt = owner.elapsed();
    this.lastHeardAt = this.openedAt;
    this.#lightenedAt = this.openedAt;
    (socket as Carrier<WebSocket>)[CONNECTION] = this;
    socket.on('message', onMessage);
    socket.on('close', onClose);
    // A frame too long or broken: ws closes with 1009 or 1002 by itself, and says so here.
    socket.on('error', onError);
    (wire as Carrier<Duplex>)[CONNECTION] = this;
    wire.on('finish', onFinished);
    const [wsHears, another] = wire.listeners('data') as HearData[];
    // With anything but ws alone on the socket, ws keeps it to itself.
    this.#wsHears = another === undefined ? (wsHears ?? null) : null;
    if (this.#wsHears !== null) wire.off('data', this.#wsHears).on('data', onData);
    else this.#countControl();
  }

  /** False once it is closing: nothing that is sent would arrive. */
  get open(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** Since when the peer has not read what was sent, elapsed milliseconds; null while it does. */
  get pausedSince(): number | null {
    return this.#pause?.since ?? null;
  }

  /** Whether the peer is behind: what need not be sent now is sent later. */
  get paused(): boolean {
    return this.#pause !== null;
  }

  /** Resolves when a paused peer has read everything, or is gone. */
  async drained(): Promise<void> {
    await this.#pause?.drained.promise;
  }

  send(message: ServerMessage): void {
    this.write(JSON.stringify(message));
  }

  /** What is said from here on waits to be let go, unless it is long. */
  hold(): void {
    this.#wire.cork();
  }

  letGo(): void {
    this.#wire.uncork();
  }

  /** Sends what was made into text already. */
  write(text: string): void {
    this.writeFrame(textFrame(text));
  }

  /** Sends what was made into a frame already (textFrame.ts). */
  writeFrame(frame: Buffer): void {
    if (!this.open) return;
    holdBack(this.#wire);
    if (this.#pause !== null || this.#wire.writableLength + frame.length <= MAX_UNSENT_BYTES) {
      this.#wire.write(frame);
      return;
    }
    this.#pause = { since: this.#owner.elapsed(), drained: Promise.withResolvers() };
    this.#owner.meter.paused();
    this.#socket.pause();
    // Frames are written in order: when this one is, all before it are.
    this.#wire.write(frame, () => this.#readsAgain());
  }

  /**
   * Sends what another peer said, unless this one is behind; for it is not said later.
   * @param frame a WebSocket frame (textFrame.ts)
   * @returns whether it was sent
   */
  pass(frame: Buffer): boolean {
    if (this.#pause !== null || !this.open || this.#wire.writableLength > PASSING_BYTES) return false;
    this.#wire.write(frame);
    return true;
  }

  refuse(re: string | null, code: RefusalCode, message: string, retry = false): void {
    this.send({ v: PROTOCOL_VERSION, type: 'refused', re, code, message, retry });
  }

  /** Says goodbye on the WebSocket's level; harmless when closed already. */
  close(why: keyof typeof CODES, words: string): void {
    if (!this.open) return;
    this.#why = why;
    this.#socket.close(CODES[why], words);
    // The peer's answer is read, or ws would wait for it in vain.
    this.#readsAgain();
    this.#socket.resume();
  }

  /** Cuts without a word: for peers that would not hear it. */
  terminate(why: CloseReason): void {
    this.#why ??= why;
    this.#socket.terminate();
  }

  /** Not understood, or too much: counted, and too many end the connection. */
  offend(why: 'malformed' | 'rateLimited', words: string): void {
    this.#owner.meter.messageRefused(why);
    this.#offences += 1;
    if (this.#offences >= PATIENCE) this.#hangUp(why, words);
  }

  /** Counts what it costs the service; too much ends the connection. */
  bear(burden: number): void {
    this.#burden += burden;
    if (this.#burden <= BURDEN_AT_ONCE) return;
    const now = this.#owner.elapsed();
    this.#burden = lightened(this.#burden, now - this.#lightenedAt);
    this.#lightenedAt = now;
    if (this.#burden > BURDEN_AT_ONCE) this.#hangUp('rateLimited', 'too much in a short time');
  }

  /** Says goodbye to a peer that does not stop, and reads nothing more of it. */
  #hangUp(why: 'malformed' | 'rateLimited', words: string): void {
    if (this.#hungUp) return;
    this.#hungUp = true;
    this.close(why, words);
    this.#socket.pause();
    setTimeout(() => this.terminate(why), HEARD_WITHIN_MS);
  }

  /** Most peers say nothing that is ws's to read, and so need no listeners for it. */
  #countControl(): void {
    this.#countsControl = true;
    this.#socket.on('ping', onControl).on('pong', onControl);
  }

  /** For the socket's listeners: bytes as they came. */
  hear(chunk: Buffer): void {
    this.bear(BURDEN.read + chunk.length);
    let at = 0;
    while (this.#owed === 0 && this.open) {
      const end = endOfText(chunk, at);
      if (end === 0) break;
      this.receive(asServerFrame(chunk, at, end));
      at = end;
    }
    if (at === chunk.length || this.#hungUp) return;
    if (!this.#countsControl) this.#countControl();
    const rest = at === 0 ? chunk : chunk.subarray(at);
    if (this.#owed !== OWED_UNKNOWN) this.#owed = owedAfter(rest, this.#owed);
    this.#wsHears?.call(this.#wire, rest);
  }

  /** For the socket's listeners: a message, framed as a server frames it. */
  receive(frame: Buffer): void {
    if (!this.open) return;
    this.lastHeardAt = this.#owner.elapsed();
    if (this.#way !== null && this.#owner.liveAsWritten(this, this.#way, frame)) return;
    const payload = frame.subarray(payloadAt(frame));
    if (!isUtf8(payload)) {
      this.close('broken', 'not UTF-8');
      return;
    }
    const message = parse(payload);
    if (message === null) {
      this.notAMessage();
      return;
    }
    const { v, type, id = null } = message as { v?: unknown; type?: unknown; id?: string };
    if (v !== PROTOCOL_VERSION) {
      this.#owner.meter.messageRefused('version');
      this.refuse(id, 'version', `Version ${PROTOCOL_VERSION} is spoken here. Update this app.`);
      this.close('version', `version ${PROTOCOL_VERSION} only`);
      return;
    }
    if (type === 'live') {
      const way = this.#owner.live(this, message, frame);
      if (way !== null) {
        this.#way = way;
        return;
      }
    }
    if (!this.#owner.mayTalk(this, this.#waiting?.length ?? 0)) {
      this.refuse(id, 'rateLimited', 'Too many messages in a short time. Say it again in a few seconds.', true);
      this.offend('rateLimited', 'too many messages');
      return;
    }
    if (!this.#handling) {
      void this.#handleAll(message);
      return;
    }
    this.#waiting ??= [];
    this.#waiting.push(message);
    if (this.#waiting.length === PAUSE_AT) this.#socket.pause();
  }

  /** For the socket's listeners: it is JSON of another kind, or no text at all. */
  notAMessage(): void {
    if (!this.open) return;
    this.#owner.meter.messageRefused('malformed');
    this.refuse(null, 'malformed', 'This is not a message: one JSON object with v, id and type is taken.');
    this.close('malformed', 'not a message');
  }

  /** For the socket's listeners: there may be more of what is not understood, and it would be answered with a reset. */
  broken(): void {
    this.#wire.off('finish', onFinished);
    // ws hears nothing more, and would stop the socket for good if it were told.
    this.#wire.off('data', onData);
  }

  /** For the socket's listeners. */
  gone(code: number): void {
    this.#owner.meter.closed(this.#why ?? reasonOf(code));
    this.#readsAgain();
    this.#owner.closed(this);
  }

  async #handleAll(first: object): Promise<void> {
    this.#handling = true;
    for (let message: object | undefined = first; message !== undefined; message = this.#waiting?.shift()) {
      try {
        await this.#owner.message(this, message);
      } catch (error) {
        this.#owner.failed(this, error);
        const { id = null } = message as { id?: string };
        this.refuse(
          id,
          'unavailable',
          'The service has trouble of its own, and cannot tell whether this was kept. Say it again soon, under the same id.',
          true,
        );
      }
      if (this.#waiting?.length === RESUME_AT && !this.paused && this.open) this.#socket.resume();
    }
    this.#handling = false;
    this.#waiting = null;
  }

  #readsAgain(): void {
    if (this.#pause === null) return;
    const { drained } = this.#pause;
    this.#pause = null;
    // It was not read for as long as it was paused.
    this.lastHeardAt = this.#owner.elapsed();
    if ((this.#waiting?.length ?? 0) < PAUSE_AT) this.#socket.resume();
    drained.resolve();
  }
}

function onData(this: Duplex, chunk: Buffer): void {
  (this as Carrier<Duplex>)[CONNECTION].hear(chunk);
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  const connection = (this as Carrier<WebSocket>)[CONNECTION];
  if (isBinary) connection.notAMessage();
  else connection.receive(textFrame(data as Buffer));
}

function onControl(this: WebSocket): void {
  (this as Carrier<WebSocket>)[CONNECTION].bear(BURDEN.control);
}

function onClose(this: WebSocket, code: number): void {
  (this as Carrier<WebSocket>)[CONNECTION].gone(code);
}

function onError(this: WebSocket): void {
  (this as Carrier<WebSocket>)[CONNECTION].broken();
}

/**
 * Both said goodbye, and ours is written: the server closes at once (RFC 6455 section 7.1.1), where
 * ws would wait for the client to close its side as well.
 */
function onFinished(this: Duplex): void {
  this.destroy();
}

/** A JSON object whose id, if it has one, can be answered to; else null. The rest is the schemas' to check. */
function parse(payload: Buffer): object | null {
  let value: unknown;
  try {
    value = JSON.parse(payload.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { id } = value as { id?: unknown };
  return id === undefined || (typeof id === 'string' && id.length <= MAX_ID) ? value : null;
}
