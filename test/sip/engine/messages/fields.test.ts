import { describe, expect, it } from 'vitest';
import { parseCallId } from '../../../../sip/engine/messages/callId.ts';
import {
  contactExpires,
  contactPreference,
  parseContact,
  parseExpires,
  serializeContact,
} from '../../../../sip/engine/messages/contact.ts';
import { parseCSeq, serializeCSeq } from '../../../../sip/engine/messages/cseq.ts';
import { parseDate, serializeDate } from '../../../../sip/engine/messages/date.ts';
import {
  parseEvent,
  parseSubscriptionState,
  serializeEvent,
  serializeSubscriptionState,
} from '../../../../sip/engine/messages/event.ts';
import { parseMaxForwards } from '../../../../sip/engine/messages/maxForwards.ts';
import { parseMediaType } from '../../../../sip/engine/messages/mediaType.ts';
import {
  isLooseRoute,
  nameAddr,
  parseFrom,
  parseNameAddr,
  parseReferTo,
  parseRoute,
  serializeNameAddr,
  tagOf,
} from '../../../../sip/engine/messages/nameAddr.ts';
import { parseRAck, parseRSeq, serializeRAck } from '../../../../sip/engine/messages/rack.ts';
import { parseReplaces, serializeReplaces } from '../../../../sip/engine/messages/replaces.ts';
import { parseRetryAfter } from '../../../../sip/engine/messages/retryAfter.ts';
import {
  parseMinSE,
  parseSessionExpires,
  serializeSessionExpires,
} from '../../../../sip/engine/messages/sessionExpires.ts';
import { quote, unquote } from '../../../../sip/engine/messages/syntax.ts';
import { parseUri } from '../../../../sip/engine/messages/uri.ts';
import { parseVia, serializeVia, transactionBranch } from '../../../../sip/engine/messages/via.ts';

describe('[RFC 3261 20] values that are read, and written the same', () => {
  const again = (parse: (value: string) => unknown, serialize: (value: never) => string) => (value: string) =>
    serialize(parse(value) as never);

  it.each([
    ['Via', again(parseVia, serializeVia), 'SIP/2.0/UDP pc33.example.com:5060;branch=z9hG4bK87asdks7;rport'],
    [
      'Via',
      again(parseVia, serializeVia),
      'SIP/2.0/WSS [2001:db8::1]:443;received=2001:db8::9;ttl=255;maddr=224.2.0.1',
    ],
    ['From', again(parseFrom, serializeNameAddr), '"A. G. Bell" <sip:agb@bell-telephone.example>;tag=a48s'],
    ['From', again(parseFrom, serializeNameAddr), '"Anonymous" <sip:c8oqz84zk7z@privacy.example>;tag=hyh8'],
    ['From', again(parseFrom, serializeNameAddr), '"say \\"hello\\" \\\\" <tel:+12015550123>;x="a;b"'],
    ['Contact', again(parseContact, serializeContact), '*'],
    ['Contact', again(parseContact, serializeContact), '<sip:w@h.example>;q=0.7;expires=3600'],
    ['Contact', again(parseContact, serializeContact), '<mailto:w@bell.example>;q=0.1'],
    ['Route', again(parseRoute, serializeNameAddr), '<sip:p1.example.com;lr>'],
    ['Refer-To', again(parseReferTo, serializeNameAddr), '<sip:d@h.example?Replaces=1%402%3Bto-tag%3D3>'],
    ['CSeq', again(parseCSeq, serializeCSeq), '4294967295 INVITE'],
    ['RAck', again(parseRAck, serializeRAck), '776656 1 INVITE'],
    ['Replaces', again(parseReplaces, serializeReplaces), '12345@h.example;to-tag=1;from-tag=2;early-only'],
    ['Session-Expires', again(parseSessionExpires, serializeSessionExpires), '1800;refresher=uas'],
    ['Session-Expires', again(parseSessionExpires, serializeSessionExpires), '90'],
    ['Event', again(parseEvent, serializeEvent), 'presence.winfo;id=7'],
    ['Subscription-State', again(parseSubscriptionState, serializeSubscriptionState), 'active;expires=3599'],
    [
      'Subscription-State',
      again(parseSubscriptionState, serializeSubscriptionState),
      'terminated;reason=probation;retry-after=60',
    ],
    ['Date', again(parseDate, serializeDate), 'Sat, 13 Nov 2010 23:29:00 GMT'],
  ])('%s %o: %s', (_, roundTrip, value) => {
    expect(roundTrip(value)).toBe(value);
  });
});

describe('[RFC 3261 20] values that are read in more than one spelling', () => {
  it('20.42 Via: white space around slashes and colon, and any case', () => {
    expect(parseVia('sip / 2.0 / udp \t first.EXAMPLE.com : 4000 ;ttl=16 ; Branch = z9HG4BKa')).toEqual({
      version: '2.0',
      transport: 'UDP',
      host: 'first.example.com',
      port: 4000,
      params: new Map([
        ['ttl', '16'],
        ['branch', 'z9HG4BKa'],
      ]),
    });
  });

  it('8.1.1.7: a branch identifies its transaction when it begins with the cookie', () => {
    expect(transactionBranch(parseVia('SIP/2.0/UDP h;branch=z9hG4bKx'))).toBe('z9hG4bKx');
    expect(transactionBranch(parseVia('SIP/2.0/UDP h;branch=1'))).toBeUndefined();
    expect(transactionBranch(parseVia('SIP/2.0/UDP h'))).toBeUndefined();
  });

  it('RFC 5118 4.5: received is an IPv6 address with brackets or without', () => {
    for (const received of ['2001:db8::9:255', '[2001:db8::9:255]']) {
      expect(
        parseVia(`SIP/2.0/UDP [2001:db8::9:1];received=${received};branch=z9hG4bKas3`).params.get('received'),
      ).toBe(received);
    }
  });

  it("20: without brackets, parameters are the header's", () => {
    const from = parseFrom('sip:alice@example.com ; tag = 1;x');
    expect(from.uri).toMatchObject({ user: 'alice', params: new Map() });
    expect(tagOf(from)).toBe('1');
    expect(tagOf(parseFrom('sip:alice@example.com'))).toBeUndefined();
    expect(parseFrom('"" <sip:alice@example.com>').displayName).toBe('');
    expect(parseFrom('<sip:alice@example.com;tag=1>').params.size).toBe(0);
  });

  it('what is written has brackets, and quotes around the name', () => {
    const alice = parseUri('sip:alice@example.com');
    expect(serializeNameAddr(nameAddr(alice))).toBe('<sip:alice@example.com>');
    expect(serializeNameAddr(nameAddr(alice, 'A. "G." Bell'))).toBe(
      String.raw`"A. \"G.\" Bell" <sip:alice@example.com>`,
    );
    expect(serializeNameAddr(nameAddr(alice, 'Zoë'))).toBe('"Zoë" <sip:alice@example.com>');
    expect(serializeNameAddr(nameAddr(alice, 'a\r\nVia: b'))).toBe('"a Via: b" <sip:alice@example.com>');
  });

  it('quotes and backslashes come and go', () => {
    for (const text of ['', 'Sam', 'a "b" \\c', 'bell \x07', 'tab\t']) expect(unquote(quote(text))).toBe(text);
    expect(unquote('token')).toBe('token');
  });

  it('10.2.1.1, 20.10: preference and expiry of a contact', () => {
    const contact = (value: string) => parseNameAddr(value);
    expect(contactPreference(contact('<sip:h>;q=0.5'))).toBe(0.5);
    expect(contactPreference(contact('<sip:h>'))).toBe(1);
    expect(contactExpires(contact('<sip:h>'))).toBeUndefined();
    expect(contactExpires(contact('<sip:h>;expires=60'))).toBe(60);
    expect(contactExpires(contact('<sip:h>;expires=never'))).toBe(3600);
    expect(contactExpires(contact('<sip:h>;expires'))).toBe(3600);
    expect([parseExpires('0'), parseExpires('4294967295'), parseExpires('4294967296')]).toEqual([
      0, 4_294_967_295, 3600,
    ]);
  });

  it('16.12: a route is loose where its URI says lr', () => {
    expect(isLooseRoute(parseRoute('<sip:p;lr>'))).toBe(true);
    expect(isLooseRoute(parseRoute('<sip:p>;lr'))).toBe(false);
    expect(isLooseRoute(parseRoute('<tel:+1>'))).toBe(false);
  });

  it('20.15, 20.33, 20.22, RFC 4028: types, waits, hops', () => {
    expect(parseMediaType('Application / SDP;charset="utf-8"').name).toBe('application/sdp');
    expect(parseMediaType('multipart/mixed;boundary=x').params.get('boundary')).toBe('x');
    expect(parseRetryAfter('18000;duration=3600')).toBe(18_000);
    expect(parseRetryAfter("120 (I'm in a meeting)")).toBe(120);
    expect(parseMaxForwards('0068')).toBe(68);
    expect(parseMinSE('90;x=y')).toBe(90);
    expect(parseSessionExpires('1800;Refresher=UAC').refresher).toBe('uac');
    expect(parseSubscriptionState('Pending').state).toBe('pending');
  });
});

describe('[RFC 3261 25] values that are none', () => {
  it.each([
    [parseVia, '', /20\.42/],
    [parseVia, 'SIP/2.0/UDP', /no space before sent-by/],
    [parseVia, 'SIP/2.0/UDP ', /sent-by/],
    [parseVia, 'HTTP/2.0/UDP h', /not SIP/],
    [parseVia, 'SIP 2.0 UDP h', /"\/" is missing/],
    [parseVia, 'SIP/2.0/UDP h x', /";" is missing/],
    [parseVia, 'SIP/2.0/UDP h:', /port/],
    [parseVia, 'SIP/2.0/UDP h:70000', /port/],
    [parseVia, 'SIP/2.0/UDP 2001:db8::9:1', /sent-by/],
    [parseVia, 'SIP/2.0/UDP h;branch', /branch/],
    [parseVia, 'SIP/2.0/UDP h;branch="a"', /branch/],
    [parseVia, 'SIP/2.0/UDP h;ttl=256', /ttl/],
    [parseVia, 'SIP/2.0/UDP h;rport=x', /rport/],
    [parseVia, 'SIP/2.0/UDP h;a=1;A=2', /twice/],
    [parseVia, 'SIP/2.0/UDP h;a=', /value of "a"/],
    [parseFrom, '', /20\.20/],
    [parseFrom, 'alice', /quoted/],
    [parseFrom, 'alice <sip:alice@h', /not closed/],
    [parseFrom, 'alice <sip:alice@h> x', /";" is missing/],
    [parseFrom, '"alice <sip:alice@h>', /not closed/],
    [parseFrom, '"alice" sip:alice@h', /"<" is missing/],
    [parseFrom, '"a" b <sip:alice@h>', /"<" is missing/],
    [parseFrom, '<>', /no scheme/],
    [parseFrom, '<sip:a@h>;tag', /tag/],
    [parseFrom, '<sip:a@h>;tag="x"', /tag/],
    [parseFrom, '<sip:a@h>;x=a b', /";" is missing/],
    [parseFrom, 'sip:a,b@h', /between < and >/],
    [parseFrom, 'sip:a@h?x=y', /between < and >/],
    [parseFrom, '"nul \0" <sip:a@h>', /not closed/],
    [parseContact, '<sip:a@h>;q=1.1', /q/],
    [parseContact, '<sip:a@h>;q', /q/],
    [parseContact, '**', /quoted/],
    [parseRoute, 'sip:p;lr', /between < and >/],
    [parseCSeq, '1', /space|method/],
    [parseCSeq, '1INVITE', /space/],
    [parseCSeq, '-1 INVITE', /sequence number is missing/],
    [parseCSeq, '4294967296 INVITE', /2\^32-1/],
    [parseCSeq, '1 INVITE x', /unexpected "x"/],
    [parseCallId, '', /20\.8/],
    [parseCallId, 'a@', /20\.8/],
    [parseCallId, 'a b', /20\.8/],
    [parseCallId, 'a@b@c', /20\.8/],
    [parseRAck, '1 2', /RFC 3262/],
    [parseRAck, '1 2 INVITE 3', /RFC 3262/],
    [parseRAck, '1 x INVITE', /RFC 3262/],
    [parseRSeq, '0', /RFC 3262/],
    [parseRSeq, '4294967296', /RFC 3262/],
    [parseReplaces, '1@h;to-tag=1', /from-tag/],
    [parseReplaces, ';to-tag=1;from-tag=2', /Call-ID/],
    [parseSessionExpires, '', /RFC 4028/],
    [parseSessionExpires, '1800;refresher=tv', /refresher/],
    [parseSessionExpires, '4294967296', /2\^32-1/],
    [parseEvent, '', /RFC 6665/],
    [parseEvent, 'a b', /RFC 6665/],
    [parseSubscriptionState, 'active;expires=soon', /expires/],
    [parseMaxForwards, '256', /0 to 255/],
    [parseMaxForwards, '-1', /0 to 255/],
    [parseMaxForwards, '', /0 to 255/],
    [parseMediaType, 'application', /"\/" is missing/],
    [parseMediaType, 'application/', /subtype/],
    [parseRetryAfter, 'soon', /20\.33/],
    [parseDate, 'Fri, 01 Jan 2010 16:00:00 EST', /GMT/],
    [parseDate, 'Fri, 99 Jan 2010 16:00:00 GMT', /GMT/],
    [parseDate, '2010-01-01T16:00:00Z', /GMT/],
  ])('%o: %j', (parse, value, why) => {
    expect(() => parse(value)).toThrow(
      expect.objectContaining({ name: 'SipSyntaxError', message: expect.stringMatching(why) }),
    );
  });
});

it('[RFC 3261 25.1] white space without end within an address costs no more than its length', () => {
  const spaces = ' '.repeat(60_000);
  const began = process.threadCpuUsage();
  expect(() => parseContact(`sip:a${spaces}b`)).toThrow(expect.objectContaining({ name: 'SipSyntaxError' }));
  expect(parseContact(`sip:a@b${spaces};q=1`)).toMatchObject({ uri: { host: 'b' } });
  const { user } = process.threadCpuUsage(began);
  // Squared it is seconds.
  expect(user / 1000).toBeLessThan(100);
});
