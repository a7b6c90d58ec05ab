/**
 * drachtio's framing: `<length>#<payload>`, the length in bytes of UTF-8, at most five digits.
 */
const HASH = 0x23;
const ZERO = 0x30;
const NINE = 0x39;
const MAX_DIGITS = 5;

/** One payload as it goes over the wire. */
export function encodeFrame(payload: string): string {
  return `${String(Buffer.byteLength(payload))}#${payload}`;
}

/** What the peer sent is not the protocol; the connection cannot be read on. */
export class FramingError extends Error {
  override name = 'FramingError';
}

/** Cuts what arrives into payloads. One per connection. */
export class FrameDecoder {
  /** The longest payload in bytes; no more than one frame of it is ever held. */
  limit: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  /** Total bytes (digits, #, payload) of the frame that has begun, or 0 while its length is not known. */
  #wanted = 0;

  constructor(limit = 99_999) {
    this.limit = limit;
  }

  /**
   * The payloads that are complete with this chunk.
   * @throws FramingError where a length is missing, not a number, zero, too long or over the limit.
   */
  push(chunk: Buffer): string[] {
    if (chunk.length === 0) return [];
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.length;
    if (this.#wanted > 0 && this.#pendingBytes < this.#wanted) return [];
    let buffer = this.#pending.length === 1 ? chunk : Buffer.concat(this.#pending);
    const payloads: string[] = [];
    for (;;) {
      const start = readLength(buffer);
      if (!start) {
        this.#wanted = 0;
        break;
      }
      if (start.length > this.limit) {
        throw new FramingError(`a frame of ${String(start.length)} bytes is over the limit of ${String(this.limit)}`);
      }
      const end = start.offset + start.length;
      if (buffer.length < end) {
        this.#wanted = end;
        break;
      }
      payloads.push(buffer.toString('utf8', start.offset, end));
      buffer = buffer.subarray(end);
    }
    this.#pending = buffer.length > 0 ? [buffer] : [];
    this.#pendingBytes = buffer.length;
    return payloads;
  }
}

function readLength(buffer: Buffer): { offset: number; length: number } | undefined {
  let length = 0;
  for (let at = 0; at < buffer.length; at++) {
    const byte = buffer[at] ?? 0;
    if (byte === HASH) {
      if (at === 0 || length === 0) throw new FramingError('a frame begins without its length');
      return { offset: at + 1, length };
    }
    if (byte < ZERO || byte > NINE || at === MAX_DIGITS) {
      throw new FramingError('a frame begins with something other than a length of at most five digits');
    }
    length = length * 10 + byte - ZERO;
  }
  return undefined;
}
