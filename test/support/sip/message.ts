/**
 * SIP as a stranger speaks it: a reader and a writer that share nothing with the engine's own, so
 * that neither hides the other's mistakes. It reads what it is given and judges nothing.
 */
export interface SipText {
  /** "INVITE sip:bob@example.com SIP/2.0" or "SIP/2.0 200 OK". */
  start: string;
  /** In the order of the wire, with the names as they were written. */
  headers: [name: string, value: string][];
  body: Buffer;
}

const LONG: Record<string, string> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
  e: 'content-encoding',
  s: 'subject',
  k: 'supported',
  o: 'event',
  r: 'refer-to',
  b: 'referred-by',
  u: 'allow-events',
  x: 'session-expires',
};

const same = (one: string, other: string) => long(one) === long(other);

function long(name: string): string {
  const lower = name.trim().toLowerCase();
  return LONG[lower] ?? lower;
}

/** @returns the first message in the bytes and what is left of them, or null while the message is not all there */
export function readMessage(bytes: Buffer): { message: SipText; rest: Buffer } | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const lines = bytes
    .toString('utf8', 0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.slice(1).map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
  const message: SipText = { start: lines[0] ?? '', headers, body: Buffer.alloc(0) };
  const stated = header(message, 'content-length');
  const length = stated === undefined ? bytes.length - end - 4 : Number(stated);
  if (bytes.length < end + 4 + length) return null;
  message.body = bytes.subarray(end + 4, end + 4 + length);
  return { message, rest: bytes.subarray(end + 4 + length) };
}

/** The bytes of a message, with a Content-Length in bytes unless it states one of its own. */
export function writeMessage({ start, headers, body }: SipText): Buffer {
  const all = headers.some(([name]) => same(name, 'content-length'))
    ? headers
    : [...headers, ['Content-Length', String(body.length)] as [string, string]];
  const head = [start, ...all.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}

/** The first header of that name, compact forms included. */
export function header(message: SipText, name: string): string | undefined {
  return message.headers.find(([given]) => same(given, name))?.[1];
}

/** All values of that name in order; those that share a line are taken apart at commas outside of quotes and <>. */
export function headers(message: SipText, name: string): string[] {
  return message.headers
    .filter(([given]) => same(given, name))
    .flatMap(([, value]) => value.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g) ?? [])
    .map((value) => value.trim());
}

/** "INVITE" of a request, undefined of a response. */
export function methodOf({ start }: SipText): string | undefined {
  return start.startsWith('SIP/') ? undefined : start.split(' ')[0];
}

/** 200 of "SIP/2.0 200 OK", undefined of a request. */
export function statusOf({ start }: SipText): number | undefined {
  return start.startsWith('SIP/') ? Number(start.split(' ')[1]) : undefined;
}

/** The request's own URI. */
export function targetOf({ start }: SipText): string {
  return start.split(' ')[1] ?? '';
}

/** The URI in "Bob" <sip:bob@example.com>;tag=1. */
export function uriOf(value = ''): string {
  return (/<([^>]*)>/.exec(value)?.[1] ?? value.split(';')[0] ?? '').trim();
}

/** The parameter `name` of a header value, those of the URI in <> left out. */
export function parameterOf(value: string | undefined, name: string): string | undefined {
  const outside = (value ?? '').replace(/"(?:[^"\\]|\\.)*"/g, '').replace(/<[^>]*>/, '');
  return new RegExp(`;\\s*${name}\\s*=\\s*([^;,\\s]+)`, 'i').exec(outside)?.[1];
}

export const tagOf = (value: string | undefined) => parameterOf(value, 'tag');

/** The number of "4711 INVITE", and its method. */
export function cseqOf(message: SipText): { number: number; method: string } {
  const [number = '', method = ''] = (header(message, 'cseq') ?? '').split(/\s+/);
  return { number: Number(number), method };
}
