import { isUtf8 } from 'node:buffer';
import { SipHeaders } from './headers.ts';
import type { SipRequest } from './message.ts';
import { isToken, readInteger, spanEnd, TOKEN } from './syntax.ts';

/** What is wrong with a message: the status that answers a request, its phrase, and the reason in full. */
export interface Problem {
  status: number;
  /** Names the problem, as RFC 3261 21.4.1 asks of a 400. */
  reason: string;
  /** One sentence with the section of the rule that was broken. */
  why: string;
}

/** Start line and header fields, as far as they can be told apart. */
export interface Head {
  startLine: string;
  headers: SipHeaders;
  /** The first thing that is wrong; the fields that could be read stand in `headers` all the same. */
  problem: Problem | null;
}

/** Largest sizes that are taken, in bytes. */
export interface Limits {
  startLine: number;
  /** Start line and header fields together. */
  head: number;
  body: number;
}

export const DEFAULT_LIMITS: Limits = { startLine: 8 * 1024, head: 64 * 1024, body: 256 * 1024 };

export function bad(reason: string, why: string): Problem {
  return { status: 400, reason, why };
}

/** Control characters, and CR or LF that do not stand together. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n/;

/** Reads everything before the empty line. @param bytes Without the empty line */
export function readHead(bytes: Buffer, limits: Limits): Head {
  let problem: Problem | null = null;
  if (!isUtf8(bytes)) problem = bad('Header Is Not UTF-8', 'The header is not UTF-8 (RFC 3261 7).');
  const text = bytes.toString('utf8');
  const unusual = CONTROL.test(text);
  if (unusual) problem ??= findControl(text);

  const headers = new SipHeaders();
  const startEnd = text.indexOf('\r\n');
  const startLine = startEnd === -1 ? text : text.slice(0, startEnd);
  if (startLine.length > limits.startLine) problem ??= tooLongStart(limits);

  let at = startEnd === -1 ? text.length : startEnd + 2;
  while (at < text.length) {
    let end = text.indexOf('\r\n', at);
    if (end === -1) end = text.length;
    const nameEnd = spanEnd(text, at, TOKEN);
    let colon = nameEnd;
    while (text[colon] === ' ' || text[colon] === '\t') colon++;
    let value: string;
    const valueStart = colon + 1;
    const next = text.charCodeAt(end + 2);
    if (next === 0x20 || next === 0x09) {
      // RFC 3261 7.3.1: a line that begins with white space continues the one before.
      end = foldedEnd(text, end);
      value = unfold(text.slice(valueStart, end));
    } else value = trim(text, valueStart, end);
    if (nameEnd === at || text[colon] !== ':' || colon > end) {
      const line = JSON.stringify(text.slice(at, Math.min(end, at + 40)));
      problem ??= bad('Malformed Header Line', `${line} is not a header name, a colon and a value (RFC 3261 7.3.1).`);
    } else if (!unusual || !/[\r\n]/.test(value)) headers.push(text.slice(at, nameEnd), value);
    at = end + 2;
  }
  return { startLine, headers, problem };
}

export function tooLongStart(limits: Limits): Problem {
  const why = `The start line is longer than ${limits.startLine} bytes (RFC 3261 21.4.12).`;
  return { status: 414, reason: 'Request-URI Too Long', why };
}

export function headTooLarge(limits: Limits): Problem {
  const why = `Start line and header are longer than ${limits.head} bytes (RFC 3261 21.5.7).`;
  return { status: 513, reason: 'Message Too Large', why };
}

/** White space at both ends belongs to no value (HCOLON and LWS, RFC 3261 25.1). */
function trim(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function foldedEnd(text: string, lineEnd: number): number {
  let end = lineEnd;
  while (isSpace(text.charCodeAt(end + 2))) {
    const next = text.indexOf('\r\n', end + 2);
    end = next === -1 ? text.length : next;
  }
  return end;
}

/** LWS with a line end in it has the meaning of one space (RFC 3261 7.3.1, 25.1). */
function unfold(text: string): string {
  const lines = text.split('\r\n').map((line) => trim(line, 0, line.length));
  return lines.filter((line) => line !== '').join(' ');
}

/** Control characters are fine where a backslash in a quoted-string stands before them (RFC 3261 25.1). */
function findControl(text: string): Problem | null {
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (quoted && code === 0x5c) {
      index++;
    } else if (code === 0x22) {
      quoted = !quoted;
    } else if (code === 0x0d && text.charCodeAt(index + 1) === 0x0a) {
      index++;
      // A quoted-string may be folded over lines, but ends with its header.
      if (!isSpace(text.charCodeAt(index + 1))) quoted = false;
    } else if ((code < 0x20 && code !== 0x09) || code === 0x7f) {
      const where = `character ${code} at ${index + 1}`;
      return bad('Control Character in Header', `The header has the control ${where} unescaped (RFC 3261 25.1).`);
    }
  }
  return null;
}

/**
 * The length of the body that the headers announce.
 * @returns null where they announce none
 */
export function readContentLength(headers: SipHeaders): number | null | Problem {
  const values = headers.all('content-length');
  if (values.length === 0) return null;
  if (values.length > 1) {
    return bad('Multiple Content-Length', 'Content-Length appears more than once (RFC 3261 7.3.1, RFC 4475 3.3.9).');
  }
  // Larger numbers are no lengths; what the limits allow is the caller's affair.
  const length = readInteger(values[0]!, Number.MAX_SAFE_INTEGER);
  if (length !== null) return length;
  return bad('Malformed Content-Length', 'Content-Length is not a number of bytes (RFC 3261 20.14).');
}

export type StartLine =
  | { kind: 'request'; method: string; uri: string }
  | { kind: 'response'; status: number; reason: string; warning: string | null };

const VERSION = /^SIP\/([0-9]+)\.([0-9]+)$/i;

/** Request-Line or Status-Line (RFC 3261 7.1, 7.2): exactly one SP between the parts, none behind. */
export function readStartLine(line: string): StartLine | Problem {
  if (/^SIP\//i.test(line)) return readStatusLine(line);
  const first = line.indexOf(' ');
  const last = line.lastIndexOf(' ');
  const method = line.slice(0, Math.max(first, 0));
  const uri = line.slice(first + 1, Math.max(last, first + 1));
  const version = VERSION.exec(line.slice(last + 1));
  if (version !== null && first !== last && (version[1] !== '2' || version[2] !== '0')) {
    return { status: 505, reason: 'Version Not Supported', why: 'The request is not of SIP/2.0 (RFC 3261 21.5.6).' };
  }
  if (!isToken(method) || uri === '' || uri.includes(' ') || uri.includes('\t') || version === null) {
    const why = 'The first line is not a method, a Request-URI and SIP/2.0 with one space between (RFC 3261 7.1).';
    return bad('Malformed Request Line', why);
  }
  return { kind: 'request', method, uri };
}

function readStatusLine(line: string): StartLine | Problem {
  const found = /^SIP\/2\.0 ([1-6][0-9]{2})(?: ([^]*))?$/i.exec(line);
  if (found === null) {
    const why = 'The first line is not SIP/2.0, a status of 100 to 699 and a phrase (RFC 3261 7.2).';
    return bad('Malformed Status Line', why);
  }
  const warning = found[2] === undefined ? 'No space follows the status code (RFC 3261 7.2).' : null;
  return { kind: 'response', status: Number(found[1]), reason: found[2] ?? '', warning };
}

/** What can be told of a request that is not understood, so that it can be answered. */
export function partialRequest(head: Head): SipRequest | null {
  // RFC 3261 18.1.2, 17.1.1.3: a response is dropped, and an ACK is never answered.
  if (/^(SIP\/|ACK\b)/i.test(head.startLine) || !head.headers.has('via')) return null;
  const [method = '', uri = ''] = head.startLine.split(' ').filter((part) => part !== '');
  return { kind: 'request', method, uri, headers: head.headers, body: Buffer.alloc(0) };
}
