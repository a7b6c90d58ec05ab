import { describe, expect, it } from 'vitest';
import { SipHeaders } from '../../../../sip/engine/messages/headers.ts';
import { parseFrom, tagOf } from '../../../../sip/engine/messages/nameAddr.ts';
import { DEFAULT_LIMITS, parseMessage } from '../../../../sip/engine/messages/parse.ts';
import { serializeMessage } from '../../../../sip/engine/messages/serialize.ts';
import { INVITE, NOTIFY, OK, options, REGISTER, wire } from './samples.ts';

/** The verdict on a message, in short: "ok", or status and reason. */
function verdict(bytes: Buffer): string {
  const result = parseMessage(bytes);
  return result.ok ? 'ok' : `${result.status} ${result.reason}: ${result.why}`;
}

/** A good request with one text of it replaced. */
function altered(from: string | RegExp, to: string, bytes = options()): Buffer {
  const text = bytes.toString('latin1').replace(from, to);
  if (text === bytes.toString('latin1')) throw new Error('Nothing was replaced.');
  return Buffer.from(text, 'latin1');
}

describe('[RFC 3261 7] one message', () => {
  it.each([
    ['INVITE', INVITE],
    ['REGISTER', REGISTER],
    ['200 to INVITE', OK],
    ['NOTIFY', NOTIFY],
  ])('%s is read without a warning, and written as it came', (_, bytes) => {
    const result = parseMessage(bytes);
    if (!result.ok) throw new Error(result.why);
    expect(result.warnings).toEqual([]);
    expect(serializeMessage(result.message).toString()).toBe(bytes.toString());
  });

  it('its parts are where they belong', () => {
    const result = parseMessage(INVITE);
    if (!result.ok || result.message.kind !== 'request') throw new Error('It is no request.');
    const { method, uri, headers, body } = result.message;
    expect([method, uri]).toEqual(['INVITE', 'sip:bob@biloxi.example.com']);
    expect(tagOf(headers.first('f', parseFrom)!)).toBe('1928301774');
    expect(body.toString()).toMatch(/^v=0\r\n/);
    expect(parseMessage(OK)).toMatchObject({ message: { kind: 'response', status: 200, reason: 'OK' } });
  });

  it('empty lines in front are skipped', () => {
    expect(verdict(Buffer.concat([Buffer.from('\r\n\r\n'), INVITE]))).toBe('ok');
  });

  it.each([
    ['nothing', ''],
    ['empty lines', '\r\n\r\n'],
    ['a STUN request', '\0\x01\0\0\x21\x12\xa4\x42'],
    ['HTTP', 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n'],
    ['words', 'hello'],
  ])('%s is no message, and is not answered', (_, text) => {
    expect(parseMessage(Buffer.from(text, 'latin1'))).toMatchObject({ ok: false, request: null });
  });

  it('17.1.1.3: a malformed ACK is not answered, a malformed INVITE is', () => {
    const broken = altered('CSeq: 314159 INVITE', 'CSeq: x INVITE', INVITE);
    expect(parseMessage(broken)).toMatchObject({ ok: false, status: 400, request: { method: 'INVITE' } });
    const ack = Buffer.from(broken.toString().replaceAll('INVITE', 'ACK'));
    expect(parseMessage(ack)).toMatchObject({ ok: false, request: null });
  });
});

describe('[RFC 3261 7.1, 7.2] start lines', () => {
  it.each([
    ['OPTIONS sip:bob@example.com sip/2.0', 'ok'],
    ['OPTIONS tel:+12015550123 SIP/2.0', 'ok'],
    ['options sip:bob@example.com SIP/2.0', '400 CSeq Method Mismatch'],
    ['OPTIONS sip:bob@example.com', '400 Malformed Request Line'],
    ['OPTIONS SIP/2.0', '400 Malformed Request Line'],
    ['OPTIONS  SIP/2.0', '400 Malformed Request Line'],
    ['OPTIONS sip:bob@example.com SIP/2.0 ', '400 Malformed Request Line'],
    ['OPTIONS\tsip:bob@example.com SIP/2.0', '400 Malformed Request Line'],
    ['OPT(IONS) sip:bob@example.com SIP/2.0', '400 Malformed Request Line'],
    ['OPTIONS sip:bob@example.com SIP/2', '400 Malformed Request Line'],
    ['OPTIONS sip:bob@example.com SIP/2.0.0', '400 Malformed Request Line'],
    ['OPTIONS sip:bob@example.com HTTP/1.1', '400 Malformed Request Line'],
    ['OPTIONS sip:bob@example.com SIP/1.0', '505 Version Not Supported'],
    ['OPTIONS sip:bob@example.com SIP/02.0', '505 Version Not Supported'],
    ['OPTIONS sip:bob@example.com SIP/2.1', '505 Version Not Supported'],
    ['OPTIONS sip:bob@exa_mple.com SIP/2.0', '400 Malformed URI'],
    ['SIP/2.0 200 OK', 'ok'],
    ['SIP/2.0 200', 'ok'],
    ['SIP/2.0 699 ', 'ok'],
    ['SIP/2.0 099 No', '400 Malformed Status Line'],
    ['SIP/2.0 700 No', '400 Malformed Status Line'],
    ['SIP/2.0 20 No', '400 Malformed Status Line'],
    ['SIP/2.0 2000 No', '400 Malformed Status Line'],
    ['SIP/2.0  200 No', '400 Malformed Status Line'],
    ['SIP/3.0 200 No', '400 Malformed Status Line'],
  ])('%j: %s', (line, expected) => {
    expect(verdict(altered('OPTIONS sip:bob@example.com SIP/2.0', line))).toMatch(expected);
  });
});

describe('[RFC 3261 7.3.1, 25.1] header lines', () => {
  it.each([
    ['X-Tv:', ''],
    ['X-Tv:living room', 'living room'],
    ['X-Tv \t:  living room \t', 'living room'],
    ['X-Tv: living\r\n room', 'living room'],
    ['X-Tv:\r\n\tliving\r\n \r\n  room', 'living room'],
    ['X-Tv: a:b', 'a:b'],
    ['X-Tv: Wohnzimmer im Süden', 'Wohnzimmer im Süden'],
    ['X-Tv: "bell \\\x07"', '"bell \\\x07"'],
  ])('%j has the value %j', (line, value) => {
    const result = parseMessage(options(line));
    if (!result.ok) throw new Error(result.why);
    expect(result.message.headers.get('x-tv')).toBe(value);
  });

  it.each([
    ['X-Tv', 'Malformed Header Line'],
    [': living room', 'Malformed Header Line'],
    ['X Tv: living room', 'Malformed Header Line'],
    ['X\r\n -Tv: living room', 'Malformed Header Line'],
    ['Tür: living room', 'Malformed Header Line'],
    ['X-Tv: living\nroom', 'Control Character'],
    ['X-Tv: living\rroom', 'Control Character'],
    ['X-Tv: living\r\r\nY: room', 'Control Character'],
    ['X-Tv: \0', 'Control Character'],
    ['X-Tv: \x7f', 'Control Character'],
    ['X-Tv: "a\x07"', 'Control Character'],
    ['X-Tv: "a\r\nX-Tv: \\\x07"', 'Control Character'],
  ])('%j is none: %s', (line, reason) => {
    expect(verdict(options(line))).toMatch(`400 ${reason}`);
  });

  it('what is not UTF-8 is refused', () => {
    expect(verdict(altered('<sip:bob@example.com>\r\n', '"B\xf6b" <sip:bob@example.com>\r\n'))).toMatch(
      '400 Header Is Not UTF-8',
    );
  });

  it('fields after a malformed line are known all the same', () => {
    const result = parseMessage(
      wire(['OPTIONS sip:b@h SIP/2.0', 'nonsense', 'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1']),
    );
    expect(result.ok ? null : result.request?.headers.get('via')).toBe('SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1');
  });

  it('the empty line that ends the header must be there', () => {
    const bytes = options();
    expect(verdict(bytes.subarray(0, -2))).toMatch('400 Header Is Not Ended');
  });
});

describe('[RFC 3261 8.1.1, 8.2, 20] rules over fields', () => {
  it.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])('8.1.1: %s must be there', (name) => {
    const without = altered(new RegExp(`\r\n${name}: [^\r]*`), '');
    expect(verdict(without)).toMatch(`400 Missing ${name}`);
    // Without Via there is nowhere to answer to.
    expect(parseMessage(without)).toMatchObject({ request: name === 'Via' ? null : { method: 'OPTIONS' } });
  });

  it.each([
    'From: <sip:alice@example.com>;tag=2',
    't: <sip:bob@example.com>',
    'i: 2@192.0.2.1',
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 70',
    'Expires: 1\r\nExpires: 1',
    'Event: a\r\no: a',
    'c: text/plain\r\nContent-Type: text/plain',
  ])('7.3.1: %j appears once', (line) => {
    expect(verdict(options(line))).toMatch('400 Multiple');
  });

  it.each([
    ['Max-Forwards: 70', 'Max-Forwards: 256', 'Max-Forwards'],
    ['Max-Forwards: 70', 'Max-Forwards: -1', 'Max-Forwards'],
    ['Max-Forwards: 70', 'Max-Forwards:', 'Max-Forwards'],
    ['CSeq: 1 OPTIONS', 'CSeq: 1 INVITE', 'method of CSeq'],
    ['CSeq: 1 OPTIONS', 'CSeq: 4294967296 OPTIONS', 'CSeq'],
    ['branch=z9hG4bK1', 'branch=z9hG4bK', 'cookie of the branch'],
    ['Via: SIP/2.0', 'Via: SIP/3.0', 'topmost Via'],
    ['Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1', 'Via:', 'Via is empty'],
    ['Call-ID: 1@192.0.2.1', 'Call-ID: a b', 'Call-ID'],
    ['Call-ID: 1@192.0.2.1', 'Call-ID:', 'Call-ID'],
    ['To: <sip:bob@example.com>', 'To: <sip:bob@example.com>;tag=', 'To'],
    ['To: <sip:bob@example.com>', 'To: <sip:bob@example.com>, <sip:carol@example.com>', 'To'],
  ])('%j as %j is answered with 400: %s', (from, to, why) => {
    const result = parseMessage(altered(from, to));
    expect(result).toMatchObject({ ok: false, status: 400, why: expect.stringContaining(why) });
    expect(result.ok ? null : result.why).toMatch(/RFC \d+/);
  });

  it.each([
    ['Contact: *', 'OPTIONS', '400 Malformed Contact'],
    ['Contact: *', 'REGISTER', '400 Malformed Contact'],
    ['Contact: *\r\nExpires: 0', 'REGISTER', 'ok'],
    ['Contact: *\r\nExpires: 1', 'REGISTER', '400 Malformed Contact'],
    ['Contact: *, <sip:a@h>\r\nExpires: 0', 'REGISTER', '400 Malformed Contact'],
    ['Contact: <sip:a@h>, <sip:b@h>', 'REGISTER', 'ok'],
    ['Contact: <sip:a@h>, <sip:b@h>', 'INVITE', '400 Multiple Contact'],
    ['Contact: <sip:a@h>\r\nm: <sip:b@h>', 'SUBSCRIBE', '400 Multiple Contact'],
    ['Contact: <sip:a@h', 'OPTIONS', '400 Malformed Contact'],
    ['Route: sip:p;lr', 'OPTIONS', '400 Malformed Route'],
    ['Record-Route: <sip:p;lr>, p', 'INVITE', '400 Malformed Route'],
    ['Require: 100rel, a b', 'INVITE', '400 Malformed Require'],
    ['Require:', 'INVITE', 'ok'],
    ['Expires: soon', 'REGISTER', '400 Malformed Expires'],
    ['Expires: 99999999999', 'REGISTER', 'ok'],
    ['RAck: 1 1', 'PRACK', '400 Malformed RAck'],
    ['Refer-To: <sip:a@h', 'REFER', '400 Malformed Refer-To'],
    ['Replaces: 1@h', 'INVITE', '400 Malformed Replaces'],
    ['Session-Expires: x', 'INVITE', '400 Malformed Session-Expires'],
    ['Event: a b', 'SUBSCRIBE', '400 Malformed Event'],
    ['Subscription-State: active;expires=x', 'NOTIFY', '400 Malformed Subscription-State'],
    // 8.2.2: fields that nobody here reads are passed on as they are.
    ['User-Agent: (((', 'OPTIONS', 'ok'],
    ['Authorization: ,,,', 'OPTIONS', 'ok'],
  ])('%j in %s: %s', (lines, method, expected) => {
    expect(verdict(Buffer.from(options(lines).toString().replaceAll('OPTIONS', method)))).toMatch(expected);
  });

  it('7.4.1: a body has a type', () => {
    const bytes = Buffer.from(`${options().toString().replace('Length: 0', 'Length: 2')}hi`);
    expect(verdict(bytes)).toMatch('400 Missing Content-Type');
  });

  it('8.1.3: a response is not lost for a header that nobody needs', () => {
    const result = parseMessage(altered('CSeq', 'Date: yesterday\r\nMax-Forwards: 900\r\nCSeq', OK));
    expect(result).toMatchObject({
      ok: true,
      warnings: [expect.stringContaining('Date'), expect.stringContaining('Max-')],
    });
    expect(parseMessage(altered('CSeq: 314159', 'CSeq: ?', OK))).toMatchObject({ ok: false, request: null });
  });

  it('8.1.1.6, 17.2.3: what RFC 2543 left out gives a warning', () => {
    const bytes = Buffer.from(
      options()
        .toString()
        .replace(/;branch=z9hG4bK1|;tag=1|Max-Forwards: 70\r\n/g, ''),
    );
    expect(parseMessage(bytes)).toMatchObject({ ok: true, warnings: { length: 3 } });
  });
});

describe('[RFC 3261 18.3, 20.14] the body', () => {
  const withLength = (length: string, body: string) =>
    Buffer.from(options('Content-Type: text/plain').toString().replace('Length: 0', `Length: ${length}`) + body);

  it('counts bytes, not characters', () => {
    const headers = new SipHeaders().set('Content-Length', '1').set('Content-Type', 'text/plain');
    const message = { kind: 'response', status: 200, reason: 'Süß', headers, body: Buffer.from('📺 ü') } as const;
    expect(serializeMessage(message).toString()).toMatch(/Content-Length: 7\r\n\r\n📺 ü$/);
    expect([
      ...serializeMessage(message)
        .toString()
        .matchAll(/Content-Length/g),
    ]).toHaveLength(1);
  });

  it('ends where Content-Length says, and what follows is dropped', () => {
    const result = parseMessage(withLength('2', 'hi there'));
    expect(result).toMatchObject({ ok: true, warnings: [expect.stringContaining('6 bytes')] });
    expect(result.ok && result.message.body.toString()).toBe('hi');
  });

  it('goes to the end of the datagram where there is no Content-Length', () => {
    const bytes = Buffer.from(withLength('0', 'hi').toString().replace('Content-Length: 0\r\n', ''));
    const result = parseMessage(bytes);
    expect(result.ok && result.message.body.toString()).toBe('hi');
  });

  it.each(['3', '-1', '0x2', '2.0', '', '1e0', '99999999999999999999', '2, 2', '2\r\nl: 2'])(
    'Content-Length %j over two bytes is answered with 400',
    (length) => {
      expect(verdict(withLength(length, 'hi'))).toMatch(/^400/);
    },
  );

  it.each([
    ['start line', altered('bob', 'b'.repeat(DEFAULT_LIMITS.startLine)), 414],
    ['header', options(`X-Tv: ${'x'.repeat(DEFAULT_LIMITS.head)}`), 513],
    ['body', withLength(String(DEFAULT_LIMITS.body + 1), 'x'.repeat(DEFAULT_LIMITS.body + 1)), 413],
  ])('a %s over its limit is answered with %3$s', (_, bytes, status) => {
    expect(parseMessage(bytes)).toMatchObject({ ok: false, status, request: { method: 'OPTIONS' } });
  });
});
