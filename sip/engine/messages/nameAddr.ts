import { NO_PARAMS, readParams, tokenParam, writeParams, type Params } from './params.ts';
import { quote, Scanner, spanEnd, TOKEN, unquote } from './syntax.ts';
import { parseUri, serializeUri, type Uri } from './uri.ts';

/** name-addr or addr-spec with the parameters behind it, as in From, To, Contact and Route. */
export interface NameAddr {
  /** Without quotes; null where there is none. */
  displayName: string | null;
  uri: Uri;
  /** The header's parameters, not the URI's. */
  params: Params;
}

/**
 * Reads `"Alice" <sip:alice@example.com>;tag=1` or `sip:alice@example.com;tag=1`.
 * @param rule Which header it is, for the error
 * @throws SipSyntaxError
 */
export function parseNameAddr(value: string, rule = 'name-addr (RFC 3261 25.1)'): NameAddr {
  const scanner = new Scanner(value, rule);
  scanner.skipSpace();
  const displayName = readDisplayName(scanner);
  if (displayName === undefined) return readAddrSpec(scanner);
  if (scanner.text[scanner.at] !== '<') scanner.fail('"<" is missing behind the display name');
  const close = value.indexOf('>', scanner.at);
  if (close === -1) scanner.fail('"<" is not closed by ">"');
  const uri = parseUri(value.slice(scanner.at + 1, close));
  scanner.at = close + 1;
  return { displayName, uri, params: readParams(scanner) };
}

/** display-name = *( token LWS ) / quoted-string. @returns undefined where an addr-spec begins */
function readDisplayName(scanner: Scanner): string | null | undefined {
  const { text } = scanner;
  if (text[scanner.at] === '<') return null;
  if (text[scanner.at] === '"') {
    const name = unquote(scanner.quotedString());
    scanner.skipSpace();
    return name;
  }
  const start = scanner.at;
  let end = start;
  // Tokens and spaces up to "<" are a name; a scheme's colon tells an addr-spec.
  for (;;) {
    scanner.at = spanEnd(text, scanner.at, TOKEN);
    end = scanner.at > end ? scanner.at : end;
    const before = scanner.at;
    scanner.skipSpace();
    if (text[scanner.at] === '<') return text.slice(start, end);
    if (scanner.at === before) break;
  }
  if (text[scanner.at] !== ':') scanner.fail('a display name of other than tokens must be quoted');
  scanner.at = start;
  return undefined;
}

/**
 * addr-spec without brackets: the first semicolon ends it, and comma, question mark or semicolon
 * within it would have needed brackets (RFC 3261 20, 20.10).
 */
function readAddrSpec(scanner: Scanner): NameAddr {
  const { text, at } = scanner;
  const semicolon = text.indexOf(';', at);
  const limit = semicolon === -1 ? text.length : semicolon;
  // A loop: a pattern for white space at the end tries every run of it in between, each to its end.
  let end = limit;
  while (end > at && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
  const addrSpec = text.slice(at, end);
  if (/[,?]/.test(addrSpec)) scanner.fail('a URI with a comma or a question mark must stand between < and >');
  const uri = parseUri(addrSpec);
  scanner.at = limit;
  return { displayName: null, uri, params: readParams(scanner) };
}

/** Always with angle brackets, and with quotes around the name: they are right everywhere. */
export function serializeNameAddr({ displayName, uri, params }: NameAddr): string {
  const address = `<${serializeUri(uri)}>${writeParams(params)}`;
  return displayName === null || displayName === '' ? address : `${quote(displayName)} ${address}`;
}

/** From (RFC 3261 20.20). @throws SipSyntaxError */
export function parseFrom(value: string): NameAddr {
  return parseTagged(value, 'From (RFC 3261 20.20)');
}

/** To (RFC 3261 20.39). @throws SipSyntaxError */
export function parseTo(value: string): NameAddr {
  return parseTagged(value, 'To (RFC 3261 20.39)');
}

/** Refer-To (RFC 3515 2.1). @throws SipSyntaxError */
export function parseReferTo(value: string): NameAddr {
  return parseNameAddr(value, 'Refer-To (RFC 3515 2.1)');
}

function parseTagged(value: string, rule: string): NameAddr {
  const address = parseNameAddr(value, rule);
  tokenParam(address.params, 'tag', rule);
  return address;
}

/** The dialog tag of a From or To; undefined where it has none. */
export function tagOf(address: NameAddr): string | undefined {
  return address.params.get('tag') ?? undefined;
}

/** One element of Route, Record-Route, Path or Service-Route: brackets are required (RFC 3261 20.30, 20.34). */
export function parseRoute(value: string): NameAddr {
  const rule = 'Route (RFC 3261 20.34)';
  if (!value.includes('<')) new Scanner(value, rule).fail('a route must stand between < and >');
  return parseNameAddr(value, rule);
}

/** Whether a route's URI asks for loose routing (RFC 3261 16.12, 19.1.1). */
export function isLooseRoute({ uri }: NameAddr): boolean {
  return (uri.scheme === 'sip' || uri.scheme === 'sips') && uri.params.has('lr');
}

/** A name-addr of a URI alone. */
export function nameAddr(uri: Uri, displayName: string | null = null, params: Params = NO_PARAMS): NameAddr {
  return { displayName, uri, params };
}
