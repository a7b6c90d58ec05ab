import { describe, it } from 'vitest';
import { SipHeaders } from '../../../../sip/engine/messages/headers.ts';
import type { SipMessage } from '../../../../sip/engine/messages/message.ts';
import { parseNameAddr, serializeNameAddr } from '../../../../sip/engine/messages/nameAddr.ts';
import { parseMessage, StreamParser } from '../../../../sip/engine/messages/parse.ts';
import { serializeMessage } from '../../../../sip/engine/messages/serialize.ts';
import { escapeParam, escapeUser, parseUri, serializeUri } from '../../../../sip/engine/messages/uri.ts';
import { equalUris } from '../../../../sip/engine/messages/uriCompare.ts';
import { parseVia, serializeVia } from '../../../../sip/engine/messages/via.ts';
import { fc } from '../../../support/properties.ts';
import { INVITE, NOTIFY, OK, REGISTER } from './samples.ts';

const same = (a: unknown, b: unknown) => JSON.stringify(a, plain) === JSON.stringify(b, plain);
const plain = (_: string, value: unknown) => (value instanceof Map ? [...value] : value);

const token = fc.string({ unit: fc.constantFrom(..."abcXYZ019-.!%*_+`'~"), minLength: 1, maxLength: 12 });
/** What may stand in a quoted-string: anything but line ends. */
const words = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed().replace(/[\r\n]/g, ' '));
const value = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) =>
  text
    .toWellFormed()
    .replace(/[\0-\x1f\x7f]/g, '')
    .trim(),
);
const host = fc.oneof(
  fc.domain(),
  fc.ipV4(),
  fc
    .ipV6()
    .filter((address) => !/:0+\.|^::?\d+\./.test(address))
    .map((address) => `[${address.toLowerCase()}]`),
);
const port = fc.option(fc.nat(65_535));
const params = fc.uniqueArray(
  fc.tuple(
    token.map((name) => name.toLowerCase()),
    fc.option(token),
  ),
  {
    selector: ([name]) => name,
    maxLength: 4,
  },
);
const uriParams = fc.uniqueArray(
  fc.tuple(
    fc.string({ unit: fc.constantFrom(...'abc019-.!'), minLength: 1, maxLength: 8 }),
    fc.option(fc.string({ minLength: 1, maxLength: 8 }).map(escapeParam)),
  ),
  { selector: ([name]) => name, maxLength: 4 },
);
const uri = fc.record({
  scheme: fc.constantFrom('sip', 'sips'),
  user: fc.option(words.filter((text) => text !== '').map(escapeUser)),
  password: fc.constant(null),
  host,
  port,
  params: uriParams.map((pairs) => new Map(pairs)),
  headers: fc.array(fc.tuple(fc.constantFrom('Subject', 'Route', 'X-Tv'), words.map(escapeParamOfHeader)), {
    maxLength: 3,
  }),
});
const via = fc.record({
  version: fc.constant('2.0'),
  transport: fc.constantFrom('UDP', 'TCP', 'TLS', 'WS', 'WSS'),
  host,
  port,
  params: fc.tuple(token, params).map(([branch, pairs]) => {
    const reserved = ['branch', 'ttl', 'rport'];
    return new Map([['branch', `z9hG4bK${branch}`], ...pairs.filter(([name]) => !reserved.includes(name))]);
  }),
});

/** A URI's header values may have fewer characters as they are than its parameters. */
function escapeParamOfHeader(text: string): string {
  return escapeParam(text).replaceAll('&', '%26');
}

const message = fc
  .record({
    method: token,
    uri,
    status: fc.option(fc.integer({ min: 100, max: 699 })),
    reason: value,
    vias: fc.array(via, { minLength: 1, maxLength: 4 }),
    from: fc.tuple(fc.option(words), uri, token),
    to: fc.tuple(fc.option(words), uri),
    callId: token,
    sequence: fc.nat(),
    hops: fc.nat(255),
    others: fc.array(fc.tuple(fc.constantFrom('Subject', 'X-Tv', '__proto__', 'constructor', 'User-Agent'), value)),
    body: fc.uint8Array({ maxLength: 200 }),
  })
  .map(({ method, uri: target, status, reason, ...parts }): SipMessage => {
    const headers = new SipHeaders();
    for (const each of parts.vias) headers.add('Via', serializeVia(each));
    const [fromName, fromUri, tag] = parts.from;
    const fromParams = new Map([['tag', tag]]);
    headers.add('From', serializeNameAddr({ displayName: fromName, uri: fromUri, params: fromParams }));
    const [toName, toUri] = parts.to;
    headers.add('To', serializeNameAddr({ displayName: toName, uri: toUri, params: new Map() }));
    headers
      .add('Call-ID', parts.callId)
      .add('CSeq', `${parts.sequence} ${method}`)
      .add('Max-Forwards', String(parts.hops));
    for (const [name, text] of parts.others) headers.add(name, text);
    if (parts.body.length > 0) headers.add('Content-Type', 'application/octet-stream');
    const body = Buffer.from(parts.body);
    if (status !== null) return { kind: 'response', status, reason, headers, body };
    return { kind: 'request', method, uri: serializeUri({ ...target, headers: [] }), headers, body };
  });

const fields = ({ headers }: SipMessage) => [...headers.entries()].filter(([name]) => name !== 'Content-Length');

describe('[RFC 3261 7, 25] properties', () => {
  it('a message that is right comes back as it was', () => {
    fc.assert(
      fc.property(message, (sent) => {
        const result = parseMessage(serializeMessage(sent));
        if (!result.ok) throw new Error(result.why);
        const got = result.message;
        if (!got.body.equals(sent.body) || !same(fields(got), fields(sent))) return false;
        return sent.kind === 'request'
          ? got.kind === 'request' && got.method === sent.method && got.uri === sent.uri
          : got.kind === 'response' && got.status === sent.status && got.reason === sent.reason;
      }),
    );
  });

  it('a stream of messages gives each of them, wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 4 }), fc.array(fc.nat(5000), { maxLength: 6 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(serializeMessage));
        const parser = new StreamParser();
        const edges = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
        const events = edges.slice(1).flatMap((to, index) => parser.feed(bytes.subarray(edges[index], to)));
        const got = events.map((event) =>
          event.type === 'message' ? serializeMessage(event.message).toString('latin1') : '',
        );
        return (
          same(
            got,
            sent.map((each) => serializeMessage(each).toString('latin1')),
          ) && parser.pending === 0
        );
      }),
      { numRuns: 50 },
    );
  });

  it('a URI comes back as it was, and equals itself', () => {
    fc.assert(
      fc.property(uri, (sent) => {
        const got = parseUri(serializeUri(sent));
        return same(got, sent) && equalUris(got, parseUri(serializeUri(got)));
      }),
    );
  });

  it('a Via comes back as it was', () => {
    fc.assert(fc.property(via, (sent) => same(parseVia(serializeVia(sent)), sent)));
  });

  it('a name of any characters comes back as it was', () => {
    fc.assert(
      fc.property(
        words.filter((name) => name !== ''),
        params,
        (displayName, pairs) => {
          const sent = { displayName, uri: parseUri('sip:alice@example.com'), params: new Map(pairs) };
          return same(parseNameAddr(serializeNameAddr(sent)), sent);
        },
      ),
    );
  });

  it('garbage is refused, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 500 }), words), (garbage) => {
        const bytes = Buffer.from(garbage as string);
        return !parseMessage(bytes).ok && Array.isArray(new StreamParser().feed(bytes));
      }),
    );
  });

  it('one byte changed in a good message throws nothing', () => {
    const good = fc.constantFrom(INVITE, OK, REGISTER, NOTIFY);
    fc.assert(
      fc.property(good, fc.nat(), fc.nat(255), (bytes, at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at % changed.length] = byte;
        const result = parseMessage(changed);
        return result.ok || /RFC \d+/.test(result.why);
      }),
      { numRuns: 500 },
    );
  });
});
