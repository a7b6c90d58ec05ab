import { describe, expect, it } from 'vitest';
import { parseDescription } from '../../../media/sdp/parse.ts';
import { printDescription } from '../../../media/sdp/print.ts';
import { readAnswer } from '../../../media/sdp/webRtcAgreement.ts';
import { firstCodecs, makeAnswer, readOffer } from '../../../media/sdp/webRtcAnswer.ts';
import { capabilities, checkProducible, end, FOUR, refusal, terms } from './fixtures.ts';
import { BROWSER_OFFERS, DTLS_TELEPHONE } from './samples.ts';

describe('a telephone by DTLS-SRTP (RFC 5763), which knows neither mids nor bundles', () => {
  const offered = parseDescription(DTLS_TELEPHONE);
  const passive = DTLS_TELEPHONE.replace('actpass', 'active');

  it('begins a session: it is told apart by its SSRC, and answered without a mid', () => {
    expect(firstCodecs(offered, capabilities)).toEqual(['PCMU', 'PCMA']);
    const change = readOffer(offered, terms('PCMU'), []);
    const { received, sent } = change.agreement.sections[0]!;
    expect(received!.encodings).toEqual([{ ssrc: 1867868739 }]);
    checkProducible(received!);
    expect(sent!.headerExtensions).toEqual([]);
    const text = printDescription(makeAnswer(offered, change, { sessionId: '1' }, end));
    expect(text).not.toMatch(/a=(mid|group)/);
    expect(text).toContain('a=setup:passive');
  });

  it('answers our offer, also one of several sections', () => {
    const alone = readAnswer(parseDescription(passive), terms('PCMU'), FOUR.slice(0, 1));
    expect(alone.sections[0]!.received!.encodings).toEqual([{ ssrc: 1867868739 }]);
    const rejects = ['audio', 'video', 'video'].map((kind) => `m=${kind} 0 UDP/TLS/RTP/SAVPF 0\r\n`).join('');
    const { sections } = readAnswer(parseDescription(passive + rejects), terms('PCMU'), FOUR);
    expect(sections.map(({ rejected }) => rejected)).toEqual([false, true, true, true]);
  });

  it('is refused where nothing would tell its packets', () => {
    const text = passive.replace(/a=ssrc.*\r\n/, '');
    const { fault, message } = refusal(() => readAnswer(parseDescription(text), terms('PCMU'), FOUR.slice(0, 1)));
    expect([fault, message]).toEqual([
      'incomplete',
      'Media section 0: It needs an “a=ssrc” line: nothing else would tell its packets.',
    ]);
  });

  it.each(Object.entries(BROWSER_OFFERS))('a browser (%s) begins none', (_name, text) => {
    expect(refusal(() => firstCodecs(parseDescription(text), capabilities)).fault).toBe('unsupported');
  });
});
