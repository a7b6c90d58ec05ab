import { assemble, failure, type ParseResult } from './assemble.ts';
import { bad, DEFAULT_LIMITS, headTooLarge, readContentLength, readHead, type Limits } from './head.ts';

export type { ParseResult } from './assemble.ts';
export { DEFAULT_LIMITS, type Limits } from './head.ts';
export { StreamParser, type StreamEvent } from './streamParser.ts';

const NO_BODY = Buffer.alloc(0);

/**
 * Reads one message that came by itself: a UDP datagram, or a WebSocket message (RFC 7118 5).
 * Never throws. The message's body shares memory with `bytes`.
 */
export function parseMessage(bytes: Buffer, limits: Limits = DEFAULT_LIMITS): ParseResult {
  // RFC 3261 7.5 asks it of streams; in a datagram an empty line in front is as harmless.
  let start = 0;
  while (bytes[start] === 0x0d && bytes[start + 1] === 0x0a) start += 2;
  if (start === bytes.length) return failure(bad('Empty Message', 'There is no message (RFC 3261 7).'), null);

  const found = bytes.indexOf('\r\n\r\n', start, 'latin1');
  const headEnd = found === -1 ? bytes.length : found;
  if (headEnd - start > limits.head) {
    return failure(headTooLarge(limits), readHead(bytes.subarray(start, start + limits.head), limits));
  }
  const head = readHead(bytes.subarray(start, headEnd), limits);
  if (found === -1) {
    head.problem ??= bad('Header Is Not Ended', 'No empty line ends the header (RFC 3261 7).');
    return assemble(head, bytes.subarray(bytes.length));
  }

  const rest = bytes.subarray(headEnd + 4);
  const length = readContentLength(head.headers) ?? rest.length;
  if (typeof length !== 'number') {
    head.problem ??= length;
    return assemble(head, rest);
  }
  const warnings: string[] = [];
  if (length > rest.length) {
    // RFC 3261 18.3: the transport packet ended before the body did.
    const why = `Content-Length is ${length}, but ${rest.length} bytes of body came (RFC 3261 18.3).`;
    head.problem ??= bad('Body Shorter Than Content-Length', why);
  } else if (length < rest.length) {
    warnings.push(`${rest.length - length} bytes behind the body were dropped (RFC 3261 18.3).`);
  }
  // No body keeps nothing of the datagram.
  const body = length === 0 ? NO_BODY : rest.subarray(0, length);
  if (body.length > limits.body) {
    const why = `The body is longer than ${limits.body} bytes (RFC 3261 21.4.11).`;
    head.problem ??= { status: 413, reason: 'Request Entity Too Large', why };
  }
  return assemble(head, body, warnings);
}
