import { assemble, failure, type ParseFailure, type ParseSuccess } from './assemble.ts';
import {
  bad,
  DEFAULT_LIMITS,
  headTooLarge,
  readContentLength,
  readHead,
  tooLongStart,
  type Head,
  type Limits,
  type Problem,
} from './head.ts';

/**
 * What a stream brought.
 * - `message`: a good one.
 * - `invalid`: one that is not understood; answer it where `request` is not null. What follows is framed well.
 * - `pong`: CRLF. It answers a ping of ours, or begins a ping of the peer; harmless either way.
 * - `ping`: CRLF CRLF (RFC 5626 3.5.1). Answer with CRLF.
 * - `lost`: it cannot be told where the next message begins. Answer as for `invalid`, then close the connection.
 */
export type StreamEvent =
  | ({ type: 'message' } & Omit<ParseSuccess, 'ok'>)
  | ({ type: 'invalid' | 'lost' } & Omit<ParseFailure, 'ok'>)
  | { type: 'ping' | 'pong' };

const NOTHING = Buffer.alloc(0);
const CR = 0x0d;
const LF = 0x0a;

/**
 * Cuts the bytes of a TCP or TLS connection into messages by Content-Length (RFC 3261 18.3, 20.14).
 * However the bytes are cut, the events are the same, and each byte is looked at a fixed number of
 * times. Between messages nothing is kept.
 *
 *     between ──other than CRLF──▶ header ──empty line──▶ body ──Content-Length bytes──▶ between
 *        │▲                          │                      │
 *        └┘ CRLF: pong, ping         └──too long, no length─┴──▶ lost (and stays so)
 */
export class StreamParser {
  readonly #limits: Limits;
  #state: 'between' | 'header' | 'body' | 'lost' = 'between';
  /** Bytes of the message under way: `#bytes` from 0 to `#length`. */
  #bytes = NOTHING;
  #length = 0;
  /** Where in the header the search for the empty line goes on. */
  #searched = 0;
  #startLineSeen = false;
  #crlfs = 0;
  #head: Head | null = null;
  #bodyLength = 0;

  constructor(limits: Limits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** Bytes of an unfinished message; more than 0 for long tells a peer that sends slowly. */
  get pending(): number {
    return this.#length;
  }

  /** Takes what was read from the connection, and tells what it completes. Never throws. */
  feed(chunk: Buffer): StreamEvent[] {
    const events: StreamEvent[] = [];
    let at = 0;
    while (at < chunk.length && this.#state !== 'lost') {
      if (this.#state === 'between') at = this.#skipLineEnds(chunk, at, events);
      else if (this.#state === 'header') at = this.#takeHeader(chunk, at, events);
      else at = this.#takeBody(chunk, at, events);
    }
    return events;
  }

  /** RFC 3261 7.5: line ends before a start line are skipped; RFC 5626 3.5.1: they are the keep-alive. */
  #skipLineEnds(chunk: Buffer, from: number, events: StreamEvent[]): number {
    let at = from;
    // A CR that ended the chunk before waits as the only byte kept.
    if (this.#length === 1) {
      if (chunk[at] !== LF) {
        this.#state = 'header';
        return at;
      }
      at++;
      this.#length = 0;
      this.#lineEnd(events);
    }
    while (at < chunk.length) {
      if (chunk[at] !== CR || (at + 1 < chunk.length && chunk[at + 1] !== LF)) {
        this.#state = 'header';
        return at;
      }
      if (at + 1 === chunk.length) {
        this.#keep(chunk, at, chunk.length);
        return chunk.length;
      }
      at += 2;
      this.#lineEnd(events);
    }
    return at;
  }

  #lineEnd(events: StreamEvent[]): void {
    this.#crlfs++;
    events.push({ type: this.#crlfs % 2 === 0 ? 'ping' : 'pong' });
  }

  #takeHeader(chunk: Buffer, from: number, events: StreamEvent[]): number {
    this.#crlfs = 0;
    const before = this.#length;
    const room = this.#limits.head + 4 - before;
    const to = Math.min(chunk.length, from + room);
    this.#keep(chunk, from, to);
    const bytes = this.#bytes.subarray(0, this.#length);
    if (!this.#startLineSeen) {
      const lineEnd = bytes.indexOf('\r\n', this.#searched, 'latin1');
      this.#startLineSeen = lineEnd !== -1;
      // A CR at the end may be half of the line's end.
      const sure = bytes[bytes.length - 1] === CR ? bytes.length - 1 : bytes.length;
      if ((lineEnd === -1 ? sure : lineEnd) > this.#limits.startLine) {
        return this.#lose(tooLongStart(this.#limits), chunk, events);
      }
    }
    const end = bytes.indexOf('\r\n\r\n', this.#searched, 'latin1');
    if (end === -1) {
      // The empty line may have begun in the last three bytes.
      this.#searched = Math.max(0, this.#length - 3);
      return this.#length >= this.#limits.head + 4 ? this.#lose(headTooLarge(this.#limits), chunk, events) : to;
    }
    const head = readHead(bytes.subarray(0, end), this.#limits);
    const length = readContentLength(head.headers);
    if (length === null) {
      const why = 'A message on a stream tells its length (RFC 3261 18.3, 20.14).';
      return this.#lose(bad('Missing Content-Length', why), chunk, events, head);
    }
    if (typeof length !== 'number') return this.#lose(length, chunk, events, head);
    if (length > this.#limits.body) {
      const why = `The body is longer than ${this.#limits.body} bytes (RFC 3261 21.4.11).`;
      return this.#lose({ status: 413, reason: 'Request Entity Too Large', why }, chunk, events, head);
    }
    this.#head = head;
    this.#bodyLength = length;
    this.#forget();
    this.#state = 'body';
    const next = from + (end + 4 - before);
    return length === 0 ? this.#takeBody(chunk, next, events) : next;
  }

  #takeBody(chunk: Buffer, from: number, events: StreamEvent[]): number {
    const to = Math.min(chunk.length, from + this.#bodyLength - this.#length);
    this.#keep(chunk, from, to);
    if (this.#length < this.#bodyLength) return to;
    const { ok, ...result } = assemble(this.#head!, this.#bytes.subarray(0, this.#bodyLength));
    events.push({ type: ok ? 'message' : 'invalid', ...result } as StreamEvent);
    this.#head = null;
    this.#forget();
    this.#state = 'between';
    return to;
  }

  #lose(problem: Problem, chunk: Buffer, events: StreamEvent[], head?: Head): number {
    const known = head ?? readHead(this.#bytes.subarray(0, this.#length), this.#limits);
    const { ok: _, ...result } = failure(problem, known);
    events.push({ type: 'lost', ...result });
    this.#forget();
    this.#state = 'lost';
    return chunk.length;
  }

  /** Appends to what is kept; room doubles, so that each byte is moved a fixed number of times. */
  #keep(chunk: Buffer, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(length, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    chunk.copy(this.#bytes, this.#length, from, to);
    this.#length = length;
  }

  #forget(): void {
    this.#bytes = NOTHING;
    this.#length = 0;
    this.#searched = 0;
    this.#startLineSeen = false;
  }
}
