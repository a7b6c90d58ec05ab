import { describe, expect, it } from 'vitest';
import { parseDescription } from '../../../media/sdp/parse.ts';
import { printDescription } from '../../../media/sdp/print.ts';
import { readAnswer, type Agreement } from '../../../media/sdp/webRtcAgreement.ts';
import { makeAnswer, offeredCodec, readOffer } from '../../../media/sdp/webRtcAnswer.ts';
import { makeOffer, type OwnSection } from '../../../media/sdp/webRtcOffer.ts';
import { fc } from '../../support/properties.ts';
import { capabilities, checkProducible, consumed, end, FOUR, refusal, section, terms } from './fixtures.ts';
import { BROWSER_OFFERS, CHROMIUM_ANSWER, CHROMIUM_HOLD, FIREFOX_ANSWER } from './samples.ts';

const offer = (sections: readonly OwnSection[], ...spoken: Parameters<typeof terms>) =>
  printDescription(makeOffer(terms(...spoken), end, sections));

const answer = (text: string, sections: readonly OwnSection[] = FOUR) =>
  readAnswer(parseDescription(text), terms(), sections);

/** Changes some lines of one section of a description. */
function edit(text: string, index: number, change: (lines: string) => string): string {
  const parts = text.split(/(?=^m=)/m);
  parts[index + 1] = change(parts[index + 1]!);
  return parts.join('');
}

describe('an offer to a browser (sdp.md)', () => {
  const lines = offer(FOUR).split('\r\n');

  it('is ICE-lite, bundled, and leaves the role to the browser', () => {
    expect(lines).toContain('a=ice-lite');
    expect(lines).toContain('a=group:BUNDLE 0 1 2 3');
    for (const each of ['a=setup:actpass', 'a=rtcp-mux', 'a=rtcp-rsize', 'a=end-of-candidates', 'a=ice-ufrag:k2x8q0']) {
      expect(lines.filter((line) => line === each)).toHaveLength(4);
    }
    expect(lines.filter((line) => line.startsWith('a=candidate:'))).toHaveLength(8);
  });

  it('has no line of SSRCs, so that senders can change without an offer', () => {
    expect(lines.filter((line) => line.startsWith('a=ssrc'))).toEqual([]);
  });

  it('has everybody’s payload types and mediasoup’s extension numbers', () => {
    const numbers = lines.filter((line) => line.startsWith('a=rtpmap:'));
    expect(new Set(numbers)).toEqual(
      new Set(
        ['111 opus/48000/2', '96 VP8/90000', '100 rtx/90000', '97 H264/90000', '102 rtx/90000'].map(
          (one) => `a=rtpmap:${one}`,
        ),
      ),
    );
    const extensions = makeOffer(terms(), end, FOUR).sections.map(({ extensions: all }) => all.map(({ id }) => id));
    expect(extensions).toEqual([
      [1, 5, 6],
      [1, 5, 6],
      [1, 5, 8, 9],
      [1, 5, 8, 9],
    ]);
  });

  it('asks for opus with error correction and silence suppression (RFC 7587)', () => {
    expect(lines).toContain('a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1');
  });

  it('says who is in a section, and sends only where somebody may be', () => {
    expect(lines).toContain('a=msid:sam audio-0');
    expect(makeOffer(terms(), end, FOUR).sections.map(({ direction }) => direction)).toEqual([
      'sendrecv',
      'sendonly',
      'sendrecv',
      'sendonly',
    ]);
  });

  it.each([
    ['PCMU', '0 101'],
    ['PCMA', '8 101'],
    ['G722', '9 101'],
    ['opus', '111'],
  ] as const)(
    'speaks %s alone where the room does, digits beside the codecs of telephones (RFC 4733)',
    (codec, numbers) => {
      const text = offer(FOUR, codec);
      expect(text).toMatch(new RegExp(`^m=audio 44444 UDP/TLS/RTP/SAVPF ${numbers}\r$`, 'm'));
      expect(text.includes('a=rtpmap:101 telephone-event/8000')).toBe(codec !== 'opus');
    },
  );

  it('writes port 0 for a section that is out of use, and keeps it out of the bundle', () => {
    const text = offer(FOUR.with(1, { ...FOUR[1]!, removed: true }));
    expect(text).toContain('a=group:BUNDLE 0 2 3\r\n');
    expect(text).toMatch(/m=audio 0 UDP\/TLS\/RTP\/SAVPF 0\r\nc=IN IP4 0\.0\.0\.0\r\na=mid:1\r\na=inactive\r\n/);
  });

  it('offers several sizes of a camera’s picture where they are wanted (RFC 8853)', () => {
    const text = printDescription(makeOffer({ ...terms(), simulcast: ['l', 'h'] }, end, FOUR));
    expect(text.match(/^a=rid:l recv\r\na=rid:h recv\r$/gm)).toHaveLength(1);
    expect(text).toContain('a=simulcast:recv l;h\r\n');
  });
});

describe('a browser’s answer', () => {
  it('of Chromium gives mediasoup what it wants', () => {
    const agreement = answer(CHROMIUM_ANSWER);
    expect(agreement.dtls.role).toBe('client');
    expect(agreement.peerHolds).toBe(false);
    const [audio, , video] = agreement.sections;
    expect(audio!.received).toMatchObject({
      mid: '0',
      codecs: [{ mimeType: 'audio/opus', payloadType: 111, channels: 2, parameters: { useinbandfec: 1 } }],
      encodings: [{ ssrc: 4012308281 }],
      rtcp: { cname: 'qWwAMY8hiSx94JBJ', reducedSize: true },
    });
    expect(video!.received!.encodings).toEqual([{ ssrc: 2904629539, rtx: { ssrc: 2172814855 } }]);
    expect(agreement.sections.map(({ received, sent }) => [received !== null, sent !== null])).toEqual([
      [true, true],
      [false, true],
      [true, true],
      [false, true],
    ]);
    for (const { received } of agreement.sections) if (received !== null) checkProducible(received);
  });

  it('is sent with our numbers what somebody else produced', () => {
    const { sections } = answer(CHROMIUM_ANSWER);
    const sent = consumed(sections[2]!.received!, sections[3]!.sent!);
    expect(sent.codecs.map(({ payloadType }) => payloadType)).toEqual([96, 100, 97, 102]);
    expect(sent.headerExtensions!.map(({ id }) => id)).toEqual([1, 5, 8, 9]);
  });

  it('without video is a talk', () => {
    const text = [2, 3].reduce(
      (sdp, at) => edit(sdp, at, (lines) => lines.replace(/^m=video 9/, 'm=video 0')),
      CHROMIUM_ANSWER,
    );
    const agreement = answer(text.replace('BUNDLE 0 1 2 3', 'BUNDLE 0 1'));
    expect(agreement.sections.map(({ rejected }) => rejected)).toEqual([false, false, true, true]);
    expect(agreement.sections[2]).toMatchObject({ received: null, sent: null });
  });

  it('without SSRCs is told apart by its MID', () => {
    const agreement = answer(CHROMIUM_ANSWER.replace(/a=ssrc.*\r\n/g, ''));
    expect(agreement.sections[0]!.received!.encodings).toEqual([{}]);
    checkProducible(agreement.sections[0]!.received!);
  });

  it('without retransmissions sends none', () => {
    const text = CHROMIUM_ANSWER.replace(/a=(rtpmap|fmtp):(100|102).*\r\n/g, '').replaceAll('96 100 97 102', '96 97');
    const video = answer(text).sections[2]!.received!;
    expect(video.encodings).toEqual([{ ssrc: 2904629539 }]);
    checkProducible(video);
  });

  it('[RFC 3264 6.1] in another order is sent in ours', () => {
    const text = CHROMIUM_ANSWER.replaceAll('SAVPF 96 100 97 102', 'SAVPF 97 102 96 100');
    expect(text).not.toBe(CHROMIUM_ANSWER);
    const video = answer(text).sections[2]!.received!;
    expect(video.codecs.map(({ payloadType }) => payloadType)).toEqual([96, 100, 97, 102]);
    checkProducible(video);
  });

  it.each([
    ['42c01f', true],
    ['42e02a', true],
    ['42001f', false],
    ['42e11f', false],
    ['42e063', false],
    ['640c1f', false],
  ])('[RFC 6184] of H264 %s is taken: %s', (profile, taken) => {
    const text = CHROMIUM_ANSWER.replaceAll('profile-level-id=42e01f', `profile-level-id=${profile}`);
    expect(text).not.toBe(CHROMIUM_ANSWER);
    const video = answer(text).sections[2]!.received!;
    expect(video.codecs.some(({ mimeType }) => mimeType === 'video/H264')).toBe(taken);
    checkProducible(video);
  });

  it('in several sizes is one picture in several encodings', () => {
    const sizes = { ...terms(), simulcast: ['l', 'm', 'h'] };
    const text = edit(
      CHROMIUM_ANSWER,
      2,
      (lines) =>
        `${lines.replace(/a=ssrc.*\r\n/g, '')}a=extmap:2 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\na=rid:l send\r\na=rid:h send\r\na=simulcast:send l;~h\r\n`,
    );
    const { sections } = readAnswer(parseDescription(text), sizes, FOUR);
    expect(sections[2]!.received!.encodings!.map(({ rid }) => rid)).toEqual(['l', 'h']);
    checkProducible(sections[2]!.received!);
  });

  it('of Firefox, in three sizes, each with its retransmissions, is one picture', () => {
    const sizes = ['small', 'middle', 'large'];
    const { sections } = readAnswer(parseDescription(FIREFOX_ANSWER), { ...terms(), simulcast: sizes }, FOUR);
    const [audio, , video] = sections;
    expect(video!.received!.encodings!.map(({ rid }) => rid)).toEqual(sizes);
    for (const { received } of [audio!, video!]) checkProducible(received!);
    expect(consumed(video!.received!, sections[3]!.sent!).encodings).toHaveLength(1);
  });

  it.each([
    ['sendonly', true, [true, false]],
    ['inactive', true, [false, false]],
    ['recvonly', false, [false, true]],
    ['sendrecv', false, [true, true]],
  ] as const)('that says %s holds: %s (RFC 3264 8.4)', (direction, holds, flows) => {
    const agreement = answer(edit(CHROMIUM_ANSWER, 0, (lines) => lines.replace('a=sendrecv', `a=${direction}`)));
    expect(agreement.peerHolds).toBe(holds);
    const { received, sent } = agreement.sections[0]!;
    expect([received !== null, sent !== null]).toEqual(flows);
  });

  it('never sends where it was not asked to', () => {
    const agreement = answer(edit(CHROMIUM_ANSWER, 1, (lines) => lines.replace('a=recvonly', 'a=sendrecv')));
    expect(agreement.sections[1]!.received).toBeNull();
  });

  it('that is passive makes us begin the handshake (RFC 8842)', () => {
    expect(answer(CHROMIUM_ANSWER.replaceAll('setup:active', 'setup:passive')).dtls.role).toBe('server');
  });

  const audio = (change: (lines: string) => string) => edit(CHROMIUM_ANSWER, 0, change);
  const everywhere = (from: RegExp, to = '') => CHROMIUM_ANSWER.replace(from, to);
  it.each([
    [
      'a section too few',
      CHROMIUM_ANSWER.split(/(?=^m=)/m)
        .slice(0, 4)
        .join(''),
      'mismatch',
    ],
    ['another kind at its place', audio((lines) => lines.replace('m=audio', 'm=video')), 'mismatch'],
    ['another mid', audio((lines) => lines.replace('a=mid:0', 'a=mid:9')), 'mismatch'],
    ['no codec of ours', audio((lines) => lines.replaceAll('opus', 'speex')), 'unsupported'],
    ['our codec under another number', audio((lines) => lines.replaceAll('111', '112')), 'unsupported'],
    ['opus in mono', audio((lines) => lines.replace('opus/48000/2', 'opus/48000')), 'unsupported'],
    ['plain RTP', audio((lines) => lines.replace('UDP/TLS/RTP/SAVPF', 'RTP/AVP')), 'unsupported'],
    ['no rtcp-mux', audio((lines) => lines.replace('a=rtcp-mux\r\n', '')), 'unsupported'],
    ['no bundle', everywhere(/a=group:BUNDLE.*\r\n/), 'unsupported'],
    ['a section outside of the bundle', everywhere(/BUNDLE 0 1/, 'BUNDLE 1'), 'unsupported'],
    ['no fingerprint', everywhere(/a=fingerprint.*\r\n/g), 'incomplete'],
    ['[RFC 8445 2.5] ICE-lite at both ends', everywhere(/t=0 0\r\n/, 't=0 0\r\na=ice-lite\r\n'), 'unsupported'],
    ['[RFC 8839 5.4] no ICE', everywhere(/a=ice-(ufrag|pwd).*\r\n/g), 'incomplete'],
    ['a fingerprint of the wrong length', everywhere(/sha-256/g, 'sha-512'), 'unsupported'],
    ['two fingerprints', audio((lines) => lines.replace('11:AB', '12:AB')), 'mismatch'],
    ['a role left open', everywhere(/setup:active/g, 'setup:actpass'), 'mismatch'],
    ['an SSRC in two sections', everywhere(/2904629539/g, '4012308281'), 'mismatch'],
    ['everything rejected', everywhere(/^m=(audio|video) 9/gm, 'm=$1 0'), 'unsupported'],
  ] as const)('is refused with %s', (_what, text, fault) => {
    expect(refusal(() => answer(text)).fault).toBe(fault);
  });

  it('is refused with words that help', () => {
    const { message } = refusal(() => answer(audio((lines) => lines.replaceAll('111', '112'))));
    expect(message).toBe('Media section 0: It has no codec of ours under our number. Ours are: opus as 111.');
  });
});

describe('a browser’s new offer', () => {
  const read = (text: string, standing: readonly OwnSection[] = FOUR) =>
    readOffer(parseDescription(text), terms(), standing);
  const reply = (text: string, standing: readonly OwnSection[] = FOUR) => {
    const description = parseDescription(text);
    return makeAnswer(description, readOffer(description, terms(), standing), { sessionId: '1' }, end);
  };

  it('that holds is answered with what is left, in our numbers, as the server', () => {
    const { agreement, sections } = read(CHROMIUM_HOLD);
    expect(agreement.peerHolds).toBe(true);
    expect(agreement.dtls.role).toBe('client');
    expect(sections).toEqual(FOUR);
    const answered = reply(CHROMIUM_HOLD);
    expect(answered.sections.map(({ direction }) => direction)[0]).toBe('recvonly');
    expect(answered.sections.every(({ setup }) => setup === 'passive')).toBe(true);
    expect(answered.sections[0]!.codecs.map(({ payloadType }) => payloadType)).toEqual([111]);
    expect(answered.bundle).toEqual(['0', '1', '2', '3']);
  });

  it('with a section more: a second microphone is rejected, as is what nobody speaks', () => {
    const more = `${CHROMIUM_HOLD}${CHROMIUM_HOLD.split(/(?=^m=)/m)[1]!
      .replace('a=mid:0', 'a=mid:9')
      .replace(
        /a=ssrc.*\r\n/g,
        '',
      )}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:10\r\n`;
    const answered = reply(more);
    expect(answered.sections.slice(4).map(({ kind, port, protocol }) => [kind, port, protocol])).toEqual([
      ['audio', 0, 'UDP/TLS/RTP/SAVPF'],
      ['application', 0, 'UDP/DTLS/SCTP'],
    ]);
    expect(printDescription(answered)).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
  });

  it('with the first picture of a talk: it is taken', () => {
    const talk = [FOUR[0]!, section('1', 'audio'), section('2', 'video', { removed: true }), FOUR[3]!];
    const renamed = edit(CHROMIUM_HOLD, 2, (lines) => lines.replace('a=mid:2', 'a=mid:7'));
    const { sections, agreement } = read(renamed.replace('BUNDLE 0 1 2 3', 'BUNDLE 0 1 7 3'), talk);
    expect(sections[2]).toMatchObject({ mid: '7', receiving: true, removed: false });
    expect(agreement.sections[2]!.received).toMatchObject({ mid: '7' });
  });

  it.each([
    ['[RFC 8445 2.5] ICE-lite', CHROMIUM_HOLD.replace('t=0 0\r\n', 't=0 0\r\na=ice-lite\r\n'), 'unsupported'],
    ['[RFC 8839 5.4] no ICE', CHROMIUM_HOLD.replace(/a=ice-(ufrag|pwd).*\r\n/g, ''), 'incomplete'],
  ] as const)('is refused with %s', (_what, text, fault) => {
    expect(refusal(() => read(text)).fault).toBe(fault);
  });

  it('that removes a section frees its place', () => {
    const text = edit(CHROMIUM_HOLD, 3, (lines) => lines.replace(/^m=video \d+/, 'm=video 0')).replace(
      '0 1 2 3',
      '0 1 2',
    );
    const { sections, agreement } = read(text);
    expect(sections[3]!.removed).toBe(true);
    expect(agreement.sections[3]!.rejected).toBe(true);
    expect(reply(text).bundle).toEqual(['0', '1', '2']);
  });

  it.each([
    [
      'with a section too few',
      CHROMIUM_HOLD.split(/(?=^m=)/m)
        .slice(0, 4)
        .join(''),
      'mismatch',
    ],
    ['with another mid', edit(CHROMIUM_HOLD, 1, (lines) => lines.replace('a=mid:1', 'a=mid:8')), 'mismatch'],
    ['with a mid that a packet cannot carry', CHROMIUM_HOLD.replaceAll('a=mid:0', 'a=mid:microphone'), 'mismatch'],
  ] as const)('is refused %s', (_what, text, fault) => expect(refusal(() => read(text)).fault).toBe(fault));

  it('names the codec that both have', () => {
    const of = (text: string) => offeredCodec(parseDescription(text), capabilities, ['opus', 'G722', 'PCMU']);
    expect(Object.fromEntries(Object.entries(BROWSER_OFFERS).map(([name, text]) => [name, of(text)]))).toEqual({
      chromium: 'opus',
      // Firefox gives opus another number than ours; G722 has everybody's.
      firefox: 'G722',
      safari: 'opus',
    });
  });

  it.each(Object.entries(BROWSER_OFFERS))('is agreed on or refused, section by section: %s', (_name, text) => {
    const { agreement, sections } = readOffer(parseDescription(text), terms('opus', 'G722'), []);
    expect(agreement.sections[0]!.rejected).toBe(false);
    expect(sections).toHaveLength(parseDescription(text).sections.length);
    for (const { received } of agreement.sections) if (received !== null) checkProducible(received);
  });
});

describe('whatever is offered', () => {
  it('a peer that agrees to all gets all, and mediasoup takes it', () => {
    const own = fc.record({
      kind: fc.constantFrom('audio', 'video' as const),
      sending: fc.boolean(),
      receiving: fc.boolean(),
      removed: fc.boolean(),
    });
    const spoken = fc.constantFrom('opus', 'PCMU', 'PCMA', 'G722' as const);
    fc.assert(
      fc.property(fc.array(own, { minLength: 1, maxLength: 8 }), spoken, (all, codec) => {
        const sections = all.map((one, at) => section(String(at), one.kind, one));
        if (sections.every(({ removed }) => removed)) return;
        // The peer is another of us, but for full ICE: what one side offers, the other can answer.
        const offered = { ...parseDescription(offer(sections, codec)), iceLite: false };
        const peer = readOffer(offered, terms(codec), sections.map(mirrored));
        const text = printDescription({ ...makeAnswer(offered, peer, { sessionId: '2' }, end), iceLite: false });
        const agreement: Agreement = readAnswer(parseDescription(text), terms(codec), sections);
        for (const [at, { received, sent, rejected }] of agreement.sections.entries()) {
          const { sending, receiving, removed } = sections[at]!;
          expect([sent !== null, received !== null, rejected]).toEqual([
            sending && !removed,
            receiving && !removed,
            removed,
          ]);
          if (received !== null) checkProducible(received);
        }
      }),
      { numRuns: 100 },
    );
  });
});

function mirrored(own: OwnSection): OwnSection {
  return { ...own, sending: own.receiving, receiving: own.sending };
}
