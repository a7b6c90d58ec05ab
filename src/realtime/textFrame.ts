/**
 * A text as a WebSocket frame of a server's (RFC 6455 section 5.2: final, opcode 1, not masked), head and
 * payload in one piece: so it is one write, and one frame for all who are to hear the same.
 * What is compressed would be framed otherwise; nothing is here.
 */
export const FINAL_TEXT = 0x81;
/** Says that the length follows in two bytes. */
export const LENGTH_IN_16_BITS = 126;
export const LENGTH_IN_64_BITS = 127;

/** @param payload text, or text in UTF-8 as it came from a peer, checked already */
export function textFrame(payload: string | Buffer): Buffer {
  const isText = typeof payload === 'string';
  const length = isText ? Buffer.byteLength(payload) : payload.length;
  const head = length < LENGTH_IN_16_BITS ? 2 : length <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = FINAL_TEXT;
  if (head === 2) {
    frame[1] = length;
  } else if (head === 4) {
    frame[1] = LENGTH_IN_16_BITS;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_IN_64_BITS;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  if (isText) frame.write(payload, head);
  else payload.copy(frame, head);
  return frame;
}

/** Where the payload of a server's frame begins. */
export function payloadAt(frame: Buffer): number {
  const length = frame[1];
  return length === LENGTH_IN_16_BITS ? 4 : length === LENGTH_IN_64_BITS ? 10 : 2;
}
