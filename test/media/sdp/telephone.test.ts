import { describe, expect, it } from 'vitest';
import { parseDescription } from '../../../media/sdp/parse.ts';
import { printDescription } from '../../../media/sdp/print.ts';
import { SdpRefusal } from '../../../media/sdp/refusal.ts';
import type { SdesKey } from '../../../media/sdp/sdes.ts';
import {
  answerTelephoneOffer,
  makeTelephoneOffer,
  readTelephoneAnswer,
  type TelephoneTerms,
} from '../../../media/sdp/telephone.ts';
import { telephone } from './fixtures.ts';
import { BROWSER_OFFERS, FAX, TELEPHONE_OFFERS } from './samples.ts';

const KEY: SdesKey = {
  tag: 1,
  suite: 'AES_CM_128_HMAC_SHA1_80',
  keyBase64: 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
};

/** What another of us answers. */
const answered = (terms: TelephoneTerms) => answerTelephoneOffer(makeTelephoneOffer(terms), telephone).answer;

const accept = (text: string, more: Partial<TelephoneTerms> = {}) =>
  answerTelephoneOffer(parseDescription(text), { ...telephone, ...more });

function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof SdpRefusal) return `${error.fault}: ${error.message}`;
    throw error;
  }
  throw new Error('It was not refused.');
}

describe('a telephone’s offer is answered', () => {
  it.each([
    ['baresip', { codec: 'PCMU', payloadType: 0, digits: { send: 101, receive: 101 }, ptime: 20 }],
    ['asterisk', { codec: 'PCMU', remote: { address: '203.0.113.7', port: 18964 } }],
    ['trunk', { codec: 'PCMU', remoteRtcp: { address: '203.0.113.7', port: 12043 } }],
    ['deskPhone', { codec: 'PCMU', digits: { send: 127, receive: 127 } }],
    ['videoPhone', { codec: 'PCMU', digits: null }],
    ['staticNumbers', { codec: 'PCMU', digits: null, remoteRtcp: { address: '203.0.113.7', port: 49171 } }],
  ] as const)('%s', (name, agreement) => {
    const taken = accept(TELEPHONE_OFFERS[name]);
    expect(taken.agreement).toMatchObject({
      ...agreement,
      sending: true,
      receiving: true,
      peerHolds: false,
      keys: null,
    });
    expect(parseDescription(printDescription(taken.answer)).sections[0]).toEqual(taken.answer.sections[0]);
  });

  it('with the codec that the room speaks, and that one alone', () => {
    const { agreement, answer } = accept(TELEPHONE_OFFERS.deskPhone, { codecs: ['G722', 'PCMA'] });
    expect(agreement.codec).toBe('G722');
    expect(answer.sections[0]!.codecs.map(({ name, payloadType }) => `${payloadType} ${name}`)).toEqual([
      '9 G722',
      '127 telephone-event',
    ]);
  });

  it('and its picture is rejected under its own protocol (RFC 3264 6)', () => {
    const text = printDescription(accept(TELEPHONE_OFFERS.videoPhone).answer);
    expect(text).toContain('m=video 0 RTP/AVPF 97\r\n');
    expect(text).toContain('m=audio 30000 RTP/AVP 0\r\n');
  });

  it('with the direction that is left when it holds', () => {
    const held = accept(TELEPHONE_OFFERS.held);
    expect(held.agreement).toMatchObject({ peerHolds: true, sending: false, receiving: true });
    expect(held.answer.sections[0]!.direction).toBe('recvonly');
  });

  it('with nothing when it holds as RFC 2543 did, with the address 0.0.0.0', () => {
    expect(accept(TELEPHONE_OFFERS.heldOfOld).agreement).toMatchObject({ peerHolds: true, sending: false });
  });

  it('and we may hold it ourselves', () => {
    const { agreement, answer } = accept(TELEPHONE_OFFERS.trunk, { receiving: false });
    expect(agreement).toMatchObject({ receiving: false, sending: true, peerHolds: false, held: true });
    expect(answer.sections[0]!.direction).toBe('sendonly');
  });

  it('with RTCP on the same port only where both want it (RFC 5761)', () => {
    const muxed = `${TELEPHONE_OFFERS.staticNumbers}a=rtcp-mux\r\n`;
    expect(accept(muxed, { rtcpMux: true }).agreement.remoteRtcp).toBeNull();
    expect(accept(muxed).agreement.remoteRtcp).toEqual({ address: '203.0.113.7', port: 49171 });
    expect(accept(TELEPHONE_OFFERS.staticNumbers, { rtcpMux: true }).answer.sections[0]!.rtcpMux).toBe(false);
  });

  it.each([
    ['a=ptime:30', 30],
    ['a=ptime:25', 20],
    ['a=maxptime:10', 10],
    ['a=ptime:200', 60],
    ['a=ptime:5', 10],
  ])('with packets as long as it wants: %s', (line, ptime) => {
    expect(accept(`${TELEPHONE_OFFERS.staticNumbers}${line}\r\n`).agreement.ptime).toBe(ptime);
  });

  it('with the first section for sound that can be used', () => {
    const second = TELEPHONE_OFFERS.staticNumbers.replace('m=audio', 'm=audio 5000 RTP/AVP 18\r\nm=audio');
    const { agreement, answer } = accept(second);
    expect(agreement.remote.port).toBe(49170);
    expect(answer.sections.map(({ port }) => port)).toEqual([0, 30_000]);
  });
});

describe('[RFC 4568] SRTP with a key in the SDP', () => {
  it('takes the line that can be used, and answers with its tag', () => {
    const { agreement, answer } = accept(TELEPHONE_OFFERS.secure, { key: KEY });
    expect(agreement.keys!.theirs).toEqual({
      tag: 2,
      suite: 'AES_CM_128_HMAC_SHA1_80',
      keyBase64: 'WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz',
    });
    expect(printDescription(answer)).toContain(`a=crypto:2 AES_CM_128_HMAC_SHA1_80 inline:${KEY.keyBase64}\r\n`);
    expect(answer.sections[0]!.protocol).toBe('RTP/SAVP');
  });

  it('passes over keys with an identifier, short ones, and those that encrypt nothing', () => {
    for (const spoilt of ['|2^20|1:32', ' UNENCRYPTED_SRTP', 'x|2^20']) {
      const text = TELEPHONE_OFFERS.secure.replace('|2^20\r\n', `${spoilt}\r\n`);
      expect(faultOf(() => accept(text, { key: KEY }))).toContain('has no “a=crypto” line');
    }
  });

  it('is neither given up nor made up', () => {
    expect(faultOf(() => accept(TELEPHONE_OFFERS.secure))).toContain('not set up for this trunk');
    expect(faultOf(() => accept(TELEPHONE_OFFERS.trunk, { key: KEY }))).toContain('in the clear');
  });
});

describe('our offer to a telephone', () => {
  const text = printDescription(makeTelephoneOffer(telephone));

  it('has the codecs of telephones in our order, and digits', () => {
    expect(text).toContain('m=audio 30000 RTP/AVP 0 8 9 101\r\n');
    expect(text).toContain('a=fmtp:101 0-16\r\n');
    expect(text).not.toContain('BUNDLE');
  });

  it('is answered with one of them', () => {
    const agreement = readTelephoneAnswer(parseDescription(TELEPHONE_OFFERS.asterisk), telephone);
    expect(agreement).toMatchObject({ codec: 'PCMA', payloadType: 8, digits: { send: 101, receive: 101 } });
  });

  it('[RFC 3264 8] has the m-lines of before, the sound where it was, under its own protocol', () => {
    const fax = 'm=image 4500 udptl t38\r\n';
    const sound = TELEPHONE_OFFERS.staticNumbers.replace('RTP/AVP', 'RTP/AVPF');
    const { agreement } = accept(
      `${sound.replace('m=audio', `${fax}m=audio`)}a=mid:a\r\nm=video 0 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n`,
    );
    const terms = { ...telephone, standing: agreement.standing };
    for (const again of [terms, { ...terms, standing: readTelephoneAnswer(answered(terms), terms).standing }]) {
      const lines = printDescription(makeTelephoneOffer(again)).match(/^(m=.*|a=mid:.*)(?=\r$)/gm);
      expect(lines).toEqual([
        'm=image 0 udptl t38',
        'm=audio 30000 RTP/AVPF 0 8 9 101',
        'a=mid:a',
        'm=video 0 RTP/AVP 97',
      ]);
    }
  });

  it('[RFC 3264 8.4] says who holds, of both', () => {
    const said = (sending: boolean, receiving: boolean) =>
      makeTelephoneOffer({ ...telephone, sending, receiving }).sections[0]!.direction;
    expect([said(true, true), said(true, false), said(false, true), said(false, false)]).toEqual([
      'sendrecv',
      'sendonly',
      'recvonly',
      'inactive',
    ]);
  });

  it('and another of us agrees with it', () => {
    const { agreement, answer } = accept(text, { codecs: ['G722', 'PCMU'] });
    expect(agreement.codec).toBe('G722');
    expect(readTelephoneAnswer(answer, telephone).codec).toBe('G722');
  });

  it('says in an answer’s refusal what is wrong', () => {
    const refuse = (answer: string) => faultOf(() => readTelephoneAnswer(parseDescription(answer), telephone));
    expect(refuse(TELEPHONE_OFFERS.staticNumbers.replace('49170', '0'))).toContain(
      'unsupported: Media section 0: It rejects',
    );
    expect(refuse(TELEPHONE_OFFERS.videoPhone)).toMatch(/^mismatch: It is to have one section/);
    const { standing } = accept(TELEPHONE_OFFERS.videoPhone).agreement;
    expect(
      faultOf(() => readTelephoneAnswer(parseDescription(TELEPHONE_OFFERS.staticNumbers), { ...telephone, standing })),
    ).toMatch(/^mismatch: It is to have 2 sections, number 0 for sound/);
    expect(refuse(TELEPHONE_OFFERS.staticNumbers.replace('AVP 0', 'AVP 18'))).toContain(
      'none of our codecs: PCMU, PCMA, G722',
    );
  });
});

describe('a telephone’s offer is refused', () => {
  const plain = TELEPHONE_OFFERS.staticNumbers;
  it.each([
    ['a fax', FAX, 'unsupported: It has no section for sound'],
    ['a browser', BROWSER_OFFERS.chromium, 'unsupported: Media section 0: Its transport is “UDP/TLS/RTP/SAVPF”'],
    ['all sound rejected', plain.replace('49170', '0'), 'unsupported: It has no section for sound'],
    ['no codec of ours', plain.replace('AVP 0', 'AVP 18'), 'unsupported: Media section 0: It has none of our codecs'],
    ['a codec of ours under a number of another', `${plain}a=rtpmap:0 PCMA/8000\r\n`, 'unsupported'],
    ['no address', plain.replace(/c=.*\r\n/, ''), 'incomplete: Media section 0: It has no “c=” line'],
    [
      'a group of many',
      plain.replace('203.0.113.7', '224.2.1.1/127'),
      'unsupported: Media section 0: Its address 224.2.1.1',
    ],
    ['everybody on the wire', plain.replace('203.0.113.7', '255.255.255.255'), 'unsupported'],
    ['a group of many, IPv6', plain.replace('IP4 203.0.113.7', 'IP6 ff02::1'), 'unsupported'],
    ['RTCP at a group of many', `${plain}a=rtcp:53 IN IP4 224.0.0.1\r\n`, 'unsupported'],
    ['RTCP at a port of DNS', `${plain}a=rtcp:53\r\n`, 'unsupported: Media section 0: Its port 53'],
    ['a port of DNS', plain.replace('49170', '53'), 'unsupported: Media section 0: Its port 53'],
  ])('%s', (_what, text, message) => expect(faultOf(() => accept(text))).toContain(message));
});
