import { parseHostPort } from './host.ts';
import type { Params } from './params.ts';
import { ALPHANUM, charClass, consistsOf, SipSyntaxError, UNRESERVED, type CharClass } from './syntax.ts';
import { parseTelUri, type TelUri } from './telUri.ts';

/**
 * A SIP or SIPS URI (RFC 3261 19.1). Every part is in its canonical escaped form: what need not be
 * escaped is not, and the rest is written `%2F` with capitals; so equal parts are equal strings, and
 * `unescapePart` gives the characters that are meant.
 */
export interface SipUri {
  scheme: 'sip' | 'sips';
  user: string | null;
  password: string | null;
  /** Lower case; an IPv6 address keeps its brackets. */
  host: string;
  port: number | null;
  /** By lower-case name; null where there is no value. */
  params: Params;
  /** Header fields to put into a request made of this URI, in order. */
  headers: readonly (readonly [name: string, value: string])[];
}

/** Any other absoluteURI, as `isbn:2983792873`. */
export interface OtherUri {
  scheme: 'other';
  /** The scheme's own name, lower case. */
  name: string;
  text: string;
}

export type Uri = SipUri | TelUri | OtherUri;

const USER = charClass(`${UNRESERVED}&=+$,;?/`);
const PASSWORD = charClass(`${UNRESERVED}&=+$,`);
const PARAM = charClass(`${UNRESERVED}[]/:&+$`);
const HEADER = charClass(`${UNRESERVED}[]/?:+$`);
const ANY = charClass(`${UNRESERVED};/?:@&=+$,[]%`);
const SCHEME = charClass(`${ALPHANUM}+-.`);
const PLAIN = charClass(UNRESERVED);

/** Reads a URI of any scheme. @throws SipSyntaxError */
export function parseUri(text: string): Uri {
  const colon = text.indexOf(':');
  const name = text.slice(0, Math.max(colon, 0)).toLowerCase();
  if (name === 'sip' || name === 'sips') return parseSipUri(text, name, colon + 1);
  if (name === 'tel') return parseTelUri(text.slice(colon + 1));
  if (!consistsOf(name, SCHEME) || !/^[a-z]/.test(name)) fail(text, 'it has no scheme');
  if (!consistsOf(text.slice(colon + 1), ANY)) fail(text, 'a character must be escaped, or nothing follows the scheme');
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) fail(text, '"%" is not followed by two hexadecimal digits');
  return { scheme: 'other', name, text };
}

function parseSipUri(text: string, scheme: 'sip' | 'sips', from: number): SipUri {
  let start = from;
  let user: string | null = null;
  let password: string | null = null;
  // No other part may contain "@", so the first ends the userinfo, and a second is found as a wrong character.
  const at = text.indexOf('@', from);
  if (at !== -1) {
    const colon = text.indexOf(':', from);
    const userEnd = colon !== -1 && colon < at ? colon : at;
    user = part(text, text.slice(from, userEnd), USER, 'user');
    if (user === '') fail(text, 'the user before "@" is empty');
    if (userEnd < at) password = part(text, text.slice(userEnd + 1, at), PASSWORD, 'password');
    start = at + 1;
  }
  const question = text.indexOf('?', start);
  const paramsEnd = question === -1 ? text.length : question;
  const semicolon = text.indexOf(';', start);
  const hostEnd = semicolon !== -1 && semicolon < paramsEnd ? semicolon : paramsEnd;
  const hostPort = parseHostPort(text.slice(start, hostEnd));
  if (hostPort === null) fail(text, `"${text.slice(start, hostEnd)}" is not a host with or without a port`);
  return {
    scheme,
    user,
    password,
    host: hostPort.host,
    port: hostPort.port,
    params: hostEnd === paramsEnd ? new Map() : uriParams(text, text.slice(hostEnd + 1, paramsEnd)),
    headers: question === -1 ? [] : uriHeaders(text, text.slice(question + 1)),
  };
}

function uriParams(uri: string, text: string): Params {
  const params = new Map<string, string | null>();
  for (const pair of text.split(';')) {
    const equals = pair.indexOf('=');
    const name = part(uri, equals === -1 ? pair : pair.slice(0, equals), PARAM, 'parameter').toLowerCase();
    const value = equals === -1 ? null : part(uri, pair.slice(equals + 1), PARAM, `value of "${name}"`);
    if (name === '' || value === '') fail(uri, 'a parameter is empty');
    // RFC 3261 19.1.1: any given parameter name must not appear more than once.
    if (params.has(name)) fail(uri, `the parameter "${name}" appears twice`);
    params.set(name, value);
  }
  return params;
}

function uriHeaders(uri: string, text: string): [string, string][] {
  return text.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    if (equals <= 0) fail(uri, 'a header has no name or no "="');
    const name = part(uri, pair.slice(0, equals), HEADER, 'header');
    return [name, part(uri, pair.slice(equals + 1), HEADER, `value of header "${name}"`)];
  });
}

/** Checks one part and brings it into its canonical escaped form. */
function part(uri: string, text: string, allowed: CharClass, what: string): string {
  if (text === '' || consistsOf(text, allowed)) return text;
  let canonical = '';
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!;
    if (char === '%') {
      const code = hexByte(text, index + 1);
      if (code === -1) fail(uri, `"%" in the ${what} is not followed by two hexadecimal digits`);
      // RFC 3261 19.1.4: only a character outside the reserved set equals its escape.
      canonical += PLAIN[code] === 1 ? String.fromCharCode(code) : `%${text.slice(index + 1, index + 3).toUpperCase()}`;
      index += 2;
    } else if (allowed[char.charCodeAt(0)] === 1) canonical += char;
    else fail(uri, `${JSON.stringify(char)} in the ${what} must be escaped`);
  }
  return canonical;
}

function hexByte(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high === -1 || low === -1 ? -1 : high * 16 + low;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

function fail(uri: string, why: string): never {
  const shown = uri.length > 100 ? `${uri.slice(0, 100)}…` : uri;
  throw new SipSyntaxError(`URI ${JSON.stringify(shown)} (RFC 3261 19.1.1, 25.1): ${why}`);
}

export function serializeUri(uri: Uri): string {
  if (uri.scheme === 'other') return uri.text;
  if (uri.scheme === 'tel') return `tel:${uri.number}${uriParamText(uri.params)}`;
  let text = `${uri.scheme}:`;
  if (uri.user !== null) text += uri.password === null ? `${uri.user}@` : `${uri.user}:${uri.password}@`;
  text += uri.port === null ? uri.host : `${uri.host}:${uri.port}`;
  if (uri.params.size > 0) text += uriParamText(uri.params);
  uri.headers.forEach(([name, value], index) => {
    text += `${index === 0 ? '?' : '&'}${name}=${value}`;
  });
  return text;
}

function uriParamText(params: Params): string {
  let text = '';
  for (const [name, value] of params) text += value === null ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** The characters that an escaped part means; where the escapes are no UTF-8, the part as it is. */
export function unescapePart(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Any text as the user part of a SIP URI. */
export function escapeUser(text: string): string {
  return escape(text, USER);
}

/** Any text as a SIP URI's parameter value. */
export function escapeParam(text: string): string {
  return escape(text, PARAM);
}

function escape(text: string, allowed: CharClass): string {
  if (consistsOf(text, allowed)) return text;
  let escaped = '';
  for (const byte of Buffer.from(text)) {
    escaped += allowed[byte] === 1 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}
