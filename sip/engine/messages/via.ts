import { hostEnd } from './host.ts';
import { readParams, tokenParam, writeParams, type Params } from './params.ts';
import { readInteger, Scanner } from './syntax.ts';

/** One element of Via (RFC 3261 20.42). */
export interface Via {
  /** "2.0" in every message of ours. */
  version: string;
  /** UDP, TCP, TLS, WS, WSS, SCTP or another token, in capitals. */
  transport: string;
  /** sent-by: lower case; an IPv6 address keeps its brackets. */
  host: string;
  port: number | null;
  params: Params;
}

const RULE = 'Via (RFC 3261 20.42, 25.1)';

/** What a branch that RFC 3261 made begins with (8.1.1.7). */
export const MAGIC_COOKIE = 'z9hG4bK';

/** @throws SipSyntaxError */
export function parseVia(value: string): Via {
  const scanner: Scanner = new Scanner(value, RULE);
  scanner.skipSpace();
  if (scanner.token('the protocol').toUpperCase() !== 'SIP') scanner.fail('the protocol is not SIP');
  scanner.expect('/');
  const version = scanner.token('the version');
  scanner.expect('/');
  const transport = scanner.token('the transport').toUpperCase();
  const before = scanner.at;
  scanner.skipSpace();
  if (scanner.at === before) scanner.fail('there is no space before sent-by');
  const end = hostEnd(value, scanner.at);
  if (end === -1) scanner.fail('sent-by is not a host name, an IPv4 address or an IPv6 address in brackets');
  const host = value.slice(scanner.at, end).toLowerCase();
  scanner.at = end;
  // COLON allows white space around it.
  let port: number | null = null;
  if (scanner.take(':')) {
    const digits = /[0-9]*/y;
    digits.lastIndex = scanner.at;
    const found = digits.exec(value)?.[0] ?? '';
    port = readInteger(found, 65_535);
    if (port === null) scanner.fail('the port of sent-by is not a number up to 65535');
    scanner.at += found.length;
  }
  const params = readParams(scanner);
  tokenParam(params, 'branch', RULE);
  const ttl = params.get('ttl');
  if (typeof ttl === 'string' && readInteger(ttl, 255) === null) scanner.fail('ttl is not a number up to 255');
  const rport = params.get('rport');
  // RFC 3581 3: a client sends it empty, a server fills it in.
  if (typeof rport === 'string' && readInteger(rport, 65_535) === null) scanner.fail('rport is not a port');
  return { version, transport, host, port, params };
}

export function serializeVia({ version, transport, host, port, params }: Via): string {
  return `SIP/${version}/${transport} ${port === null ? host : `${host}:${port}`}${writeParams(params)}`;
}

/** The branch where RFC 3261 made it, so that it identifies the transaction; else undefined. */
export function transactionBranch(via: Via): string | undefined {
  const branch = via.params.get('branch');
  return typeof branch === 'string' && hasMagicCookie(branch) ? branch : undefined;
}

/** RFC 3261 8.1.1.7; what is compared case-insensitively as any token (7.3.1). */
export function hasMagicCookie(branch: string): boolean {
  return branch.slice(0, MAGIC_COOKIE.length).toLowerCase() === MAGIC_COOKIE.toLowerCase();
}
