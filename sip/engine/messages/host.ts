import { isIPv4, isIPv6 } from 'node:net';
import { ALPHANUM, charClass, DIGITS, readInteger, spanEnd } from './syntax.ts';

/** `host` is lower case; an IPv6 address keeps its brackets. */
export interface HostPort {
  host: string;
  port: number | null;
}

const HOST = charClass(`${ALPHANUM}-.`);
const BRACKETED = charClass(`${DIGITS}ABCDEFabcdef:.`);
const DOT = 0x2e;
const HYPHEN = 0x2d;

/**
 * hostport = host [ ":" port ] (RFC 3261 25.1).
 * @returns null where the text is none
 */
export function parseHostPort(text: string): HostPort | null {
  const end = hostEnd(text, 0);
  if (end === -1) return null;
  const host = text.slice(0, end).toLowerCase();
  if (end === text.length) return { host, port: null };
  if (text[end] !== ':') return null;
  const port = readInteger(text.slice(end + 1), 65_535);
  return port === null ? null : { host, port };
}

/** Index behind the host that begins at `from`; -1 where none does. */
export function hostEnd(text: string, from: number): number {
  if (text[from] === '[') {
    const close = spanEnd(text, from + 1, BRACKETED);
    // RFC 5118 4.5, 4.10: the address itself follows RFC 3986, where "::" may stand once and ":::" never.
    return text[close] === ']' && isIPv6(text.slice(from + 1, close)) ? close + 1 : -1;
  }
  const end = spanEnd(text, from, HOST);
  return isHostName(text.slice(from, end)) ? end : -1;
}

/** hostname or IPv4address. */
function isHostName(text: string): boolean {
  // A name may end with the root's dot.
  const end = text.endsWith('.') ? text.length - 1 : text.length;
  let label = 0;
  for (let index = 0; index <= end; index++) {
    if (index < end && text.charCodeAt(index) !== DOT) continue;
    if (index === label || text.charCodeAt(label) === HYPHEN || text.charCodeAt(index - 1) === HYPHEN) return false;
    if (index < end) label = index + 1;
  }
  // toplabel = ALPHA …: what ends with a number is an address or nothing.
  const first = text.charCodeAt(label) | 0x20;
  return (first >= 0x61 && first <= 0x7a) || isIPv4(text);
}
