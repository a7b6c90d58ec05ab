/**
 * Text as clients send it nearly always: one WebSocket frame, whole in what came off the socket (RFC 6455
 * section 5.2). It is read where it lies, for a good part less than ws takes, and made into the frame that a server
 * sends without moving the payload. All else is ws's to read: pieces, pings, closes, and whatever breaks the rules.
 */
import { FINAL_TEXT, LENGTH_IN_16_BITS, LENGTH_IN_64_BITS } from './textFrame.ts';

const FINAL = 0x80;
const OPCODE = 0x0f;
/** Stands above the length; a server takes nothing without it. */
const MASKED = 0x80;
const MASK_BYTES = 4;

/** @returns where the frame ends that begins at `at`; 0 when it is of another kind, or not all of it is there */
export function endOfText(chunk: Buffer, at: number): number {
  if (chunk.length - at < 2 + MASK_BYTES || chunk[at] !== FINAL_TEXT) return 0;
  const length = chunk.readUInt8(at + 1) - MASKED;
  if (length < 0 || length === LENGTH_IN_64_BITS) return 0;
  let end = at + 2 + MASK_BYTES + length;
  if (length === LENGTH_IN_16_BITS) {
    const long = chunk.readUInt16BE(at + 2);
    // Written longer than need be, it could not go on as it came.
    if (long < LENGTH_IN_16_BITS) return 0;
    end = at + 4 + MASK_BYTES + long;
  }
  return end <= chunk.length ? end : 0;
}

/**
 * Makes a client's frame into a server's, in place: the payload is unmasked, and its head moves to where the mask was.
 * @param end as endOfText found it
 */
export function asServerFrame(chunk: Buffer, at: number, end: number): Buffer {
  const head = chunk[at + 1] === MASKED + LENGTH_IN_16_BITS ? 4 : 2;
  unmask(chunk, at + head, end);
  chunk.copyWithin(at + MASK_BYTES, at, at + head);
  const frame = chunk.subarray(at + MASK_BYTES, end);
  frame[1] = chunk.readUInt8(at + 1) - MASKED;
  return frame;
}

/** @param at where the mask begins; what it masks follows it */
function unmask(chunk: Buffer, at: number, end: number): void {
  const mask = chunk.readInt32LE(at);
  if (mask === 0) return;
  for (let n = at + MASK_BYTES, shift = 0; n < end; n += 1, shift += 8) {
    // Shifts count modulo 32: the mask's four bytes in turn.
    chunk[n] = (chunk[n] as number) ^ (mask >> shift);
  }
}

/** Of a reader that is in the middle of a head, or of a message in pieces: it is between two messages at some time. */
export const OWED_UNKNOWN = -1;

/**
 * How many bytes ws is to be given after these until it is between two messages again.
 * @param owed the same before these, where it was known
 */
export function owedAfter(chunk: Buffer, owed: number): number {
  let at = owed;
  while (at < chunk.length) {
    const first = chunk.readUInt8(at);
    if ((first & FINAL) === 0 || (first & OPCODE) === 0 || chunk.length - at < 4) return OWED_UNKNOWN;
    const length = chunk.readUInt8(at + 1) & ~MASKED;
    if (length === LENGTH_IN_64_BITS) return OWED_UNKNOWN;
    at += MASK_BYTES + (length === LENGTH_IN_16_BITS ? 4 + chunk.readUInt16BE(at + 2) : 2 + length);
  }
  return at - chunk.length;
}
