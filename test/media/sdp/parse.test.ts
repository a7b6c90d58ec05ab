import { describe, expect, it } from 'vitest';
import { emptySection, fmtpOf, type SdpDescription, type SdpSection } from '../../../media/sdp/description.ts';
import { parseDescription, SDP_LIMITS } from '../../../media/sdp/parse.ts';
import { printDescription } from '../../../media/sdp/print.ts';
import { quote, SdpRefusal, type SdpFault } from '../../../media/sdp/refusal.ts';
import { fc } from '../../support/properties.ts';
import { BROWSER_OFFERS, CHROMIUM_ANSWER, CHROMIUM_HOLD, FAX, TELEPHONE_OFFERS } from './samples.ts';

const GOOD = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nc=IN IP4 192.0.2.1\r\nm=audio 5004 RTP/AVP 0\r\n';

function faultOf(text: string): SdpFault | null {
  try {
    parseDescription(text);
    return null;
  } catch (error) {
    if (error instanceof SdpRefusal) return error.fault;
    throw error;
  }
}

describe('[RFC 8866] a description is read', () => {
  it('with the session’s lines folded into the sections', () => {
    const [audio] = parseDescription(BROWSER_OFFERS.firefox).sections;
    expect(audio).toMatchObject({ mid: '0', direction: 'sendrecv', setup: 'actpass', iceOptions: ['trickle'] });
    expect(audio!.fingerprints).toEqual([{ algorithm: 'sha-256', value: expect.stringMatching(/^39:4A:09/) }]);
  });

  it('with the static payload types that have no rtpmap (RFC 3551 6)', () => {
    const { sections } = parseDescription(TELEPHONE_OFFERS.deskPhone);
    expect(sections[0]!.codecs.map(({ name, payloadType }) => `${payloadType} ${name}`)).toEqual([
      '9 G722',
      '0 PCMU',
      '8 PCMA',
      '18 G729',
      '127 telephone-event',
    ]);
  });

  it('with SSRCs and their retransmissions (RFC 4588, RFC 5576)', () => {
    const [, video] = parseDescription(BROWSER_OFFERS.safari).sections;
    expect(video!.streams).toEqual([{ ssrc: 2231627014, rtx: 632943048 }]);
    expect(video!.cname).toBe('pVwQ1pGkO4JzB2bN');
  });

  it.each(
    Object.entries({ ...BROWSER_OFFERS, ...TELEPHONE_OFFERS, answer: CHROMIUM_ANSWER, hold: CHROMIUM_HOLD, FAX }),
  )('and what is written of it is read the same: %s', (_name, text) => {
    const once = parseDescription(text);
    expect(parseDescription(printDescription(once))).toEqual(once);
  });
});

describe('a description is refused', () => {
  const table: [what: string, text: string, fault: SdpFault][] = [
    ['nothing', '', 'malformed'],
    ['JSON', '{"type":"offer"}', 'malformed'],
    ['another version', GOOD.replace('v=0', 'v=1'), 'malformed'],
    ['without an origin', GOOD.replace(/o=.*\r\n/, ''), 'malformed'],
    ['without a section', GOOD.replace(/m=.*\r\n/, ''), 'incomplete'],
    ['a section that cannot be read', GOOD.replace('m=audio 5004', 'm=audio 5004/2'), 'malformed'],
    ['a port beyond all', GOOD.replace('5004', '70000'), 'malformed'],
    ['a payload type beyond all', GOOD.replace('AVP 0', 'AVP 128'), 'malformed'],
    ['a payload type that is a word', GOOD.replace('AVP 0', 'AVP zero'), 'malformed'],
    ['a codec without a clock', `${GOOD.replace('AVP 0', 'AVP 96')}a=rtpmap:96 opus\r\n`, 'malformed'],
    ['a name for an address', GOOD.replace('c=IN IP4 192.0.2.1', 'c=IN IP4 victim.example'), 'malformed'],
    ['a null character', GOOD.replace('s=-', 's=\0'), 'malformed'],
    ['a mid twice', `${GOOD}a=mid:x\r\nm=audio 5006 RTP/AVP 0\r\na=mid:x\r\n`, 'malformed'],
    ['a fingerprint of words', `${GOOD}a=fingerprint:sha-256 come:in\r\n`, 'malformed'],
    ['an ICE password too short', `${GOOD}a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n`, 'malformed'],
    ['a role nobody has', `${GOOD}a=setup:whatever\r\n`, 'malformed'],
    ['an SSRC beyond 32 bits', `${GOOD}a=ssrc:4294967296 cname:x\r\n`, 'malformed'],
    ['its own retransmission', `${GOOD}a=ssrc:7 cname:x\r\na=ssrc-group:FID 7 7\r\n`, 'malformed'],
    ['too many bytes', GOOD + 'a=x\r\n'.repeat(SDP_LIMITS.bytes / 5), 'too-large'],
    ['too many bytes of long characters', GOOD + '€'.repeat(SDP_LIMITS.bytes / 2), 'too-large'],
    ['too many lines', GOOD + 'a=x\n'.repeat(SDP_LIMITS.lines), 'too-large'],
    ['too long a line', `${GOOD}a=${'x'.repeat(SDP_LIMITS.lineLength)}\r\n`, 'too-large'],
    ['too many sections', GOOD + 'm=audio 9 RTP/AVP 0\r\n'.repeat(SDP_LIMITS.sections), 'too-large'],
    [
      'too many SSRCs',
      GOOD + Array.from({ length: 200 }, (_, at) => `a=ssrc:${at + 1} cname:x\r\n`).join(''),
      'too-large',
    ],
  ];
  it.each(table)('%s', (_what, text, fault) => expect(faultOf(text)).toBe(fault));

  it('with a message that tells the section, and that quotes a stranger safely', () => {
    const text = GOOD.replace('AVP 0', 'AVP \x1b[2J');
    expect(() => parseDescription(text)).toThrow('Media section 0: Its payload type “?[2J” is not 0 to 127.');
    expect(quote('x'.repeat(100))).toHaveLength(43);
  });

  it('but a name that objects have is a name', () => {
    const text = `${GOOD.replace('AVP 0', 'AVP 96')}a=rtpmap:96 constructor/8000\r\na=fmtp:96 __proto__=1;toString\r\n`;
    const [codec] = parseDescription(text).sections[0]!.codecs;
    expect(codec!.name).toBe('constructor');
    expect([...fmtpOf(codec!)]).toEqual([
      ['__proto__', '1'],
      ['tostring', ''],
    ]);
  });
});

describe('[RFC 8866] what is written is read the same', () => {
  it('for any description', () => {
    fc.assert(
      fc.property(descriptions(), (description) => {
        expect(parseDescription(printDescription(description))).toEqual(description);
      }),
      { numRuns: 200 },
    );
  });
});

function descriptions(): fc.Arbitrary<SdpDescription> {
  const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,11}$/);
  const hex = fc.stringMatching(/^[0-9A-F]{2}$/);
  const address = fc.constantFrom('192.0.2.1', '198.51.100.77', '2001:db8::7');
  const direction = fc.constantFrom('sendrecv', 'sendonly', 'recvonly', 'inactive' as const);
  const unique = <T, K>(one: fc.Arbitrary<T>, most: number, key: (one: T) => K) =>
    fc.uniqueArray(one, { maxLength: most, selector: key });
  const codec = fc.record({
    payloadType: fc.integer({ min: 0, max: 127 }),
    name: word,
    clockRate: fc.constantFrom(8000, 48000, 90000),
    channels: fc.integer({ min: 1, max: 2 }),
    fmtp: fc.constantFrom('', 'minptime=10;useinbandfec=1', '0-15', 'apt=96'),
    feedback: unique(fc.record({ type: word, parameter: fc.constantFrom('', 'pli', 'fir') }), 3, (one) => one.type),
  });
  const part: fc.Arbitrary<Partial<SdpSection>> = fc.record({
    port: fc.integer({ min: 0, max: 65535 }),
    address,
    direction,
    bundleOnly: fc.boolean(),
    codecs: unique(codec, 5, ({ payloadType }) => payloadType).filter((codecs) => codecs.length > 0),
    extensions: unique(
      fc.record({ id: fc.integer({ min: 1, max: 14 }), uri: word.map((name) => `urn:${name}`) }),
      4,
      (one) => one.id,
    ),
    extmapAllowMixed: fc.boolean(),
    msid: fc.option(fc.record({ stream: word, track: word })),
    streams: fc
      .uniqueArray(fc.integer({ min: 1, max: 0xffff_ffff }), { maxLength: 4 })
      .map((ssrcs) => ssrcs.slice(0, 2).map((ssrc, at) => ({ ssrc, rtx: ssrcs[at + 2] ?? null }))),
    rtcpMux: fc.boolean(),
    rtcpReducedSize: fc.boolean(),
    rtcp: fc.option(fc.record({ port: fc.integer({ min: 1, max: 65535 }), address: fc.option(address) })),
    ptime: fc.option(fc.integer({ min: 10, max: 60 })),
    ice: fc.option(fc.constant({ ufrag: 'abcd', pwd: 'abcdefghijklmnopqrstuv' })),
    candidates: fc.array(
      fc.record({
        foundation: word,
        component: fc.integer({ min: 1, max: 2 }),
        transport: fc.constantFrom('udp', 'tcp'),
        priority: fc.integer({ min: 1, max: 2 ** 31 }),
        address,
        port: fc.integer({ min: 0, max: 65535 }),
        type: fc.constantFrom('host', 'srflx'),
        tcpType: fc.constantFrom(null, 'passive'),
      }),
      { maxLength: 3 },
    ),
    endOfCandidates: fc.boolean(),
    fingerprints: fc
      .option(fc.array(hex, { minLength: 32, maxLength: 32 }))
      .map((pairs) => (pairs === null ? [] : [{ algorithm: 'sha-256', value: pairs.join(':') }])),
    setup: fc.option(fc.constantFrom('actpass', 'active', 'passive' as const)),
  });
  return fc
    .record({
      origin: fc.record({
        username: fc.constant('-'),
        sessionId: fc.bigInt({ min: 1n, max: 2n ** 62n }).map(String),
        version: fc.integer({ min: 0, max: 2 ** 31 }),
        address,
      }),
      iceLite: fc.boolean(),
      parts: fc.array(fc.tuple(fc.constantFrom('audio', 'video'), part), { minLength: 1, maxLength: 5 }),
    })
    .map(({ origin, iceLite, parts }) => {
      const sections = parts.map(([kind, more], at) => {
        const section = { ...emptySection(kind, 'UDP/TLS/RTP/SAVPF'), ...more, mid: String(at) };
        return { ...section, cname: section.streams.length > 0 ? 'cname' : null };
      });
      return { origin, iceLite, bundle: sections.map(({ mid }) => mid), sections };
    });
}
