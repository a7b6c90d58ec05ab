/** What takes session descriptions from strangers: each is refused by its own error, or agreed on. */
import { LegError } from '../../../media/leg.ts';
import { parseDescription } from '../../../media/sdp/parse.ts';
import { printDescription } from '../../../media/sdp/print.ts';
import { SdpRefusal } from '../../../media/sdp/refusal.ts';
import { answerTelephoneOffer, makeTelephoneOffer, readTelephoneAnswer } from '../../../media/sdp/telephone.ts';
import { readAnswer } from '../../../media/sdp/webRtcAgreement.ts';
import { firstCodecs, makeAnswer, offeredCodec, readOffer } from '../../../media/sdp/webRtcAnswer.ts';
import type { FuzzTarget } from '../../sip/fuzz/fuzz.ts';
import type { Random } from '../../support/random.ts';
import { capabilities, checkProducible, consumed, end, FOUR, telephone, terms } from '../sdp/fixtures.ts';
import {
  BROWSER_OFFERS,
  CHROMIUM_ANSWER,
  CHROMIUM_HOLD,
  DTLS_TELEPHONE,
  FAX,
  FIREFOX_ANSWER,
  TELEPHONE_OFFERS,
} from '../sdp/samples.ts';

const KEY = {
  tag: 1,
  suite: 'AES_CM_128_HMAC_SHA1_80',
  keyBase64: 'd0RmdmcmVCspeEc3QGZiNWpVLFJhQX1cfHAwJSoj',
} as const;

const BROWSERS = [CHROMIUM_ANSWER, CHROMIUM_HOLD, FIREFOX_ANSWER, ...Object.values(BROWSER_OFFERS)];
const TELEPHONES = [...Object.values(TELEPHONE_OFFERS), FAX];

/** Answers, against four sections that were offered. */
const answers = target('SDP answers of browsers', BROWSERS, (text) => {
  const agreement = readAnswer(parseDescription(text), { ...terms('opus'), simulcast: ['l', 'h'] }, FOUR);
  for (const { received, sent } of agreement.sections) {
    if (received === null) continue;
    checkProducible(received);
    if (sent !== null) consumed(received, sent);
  }
  return agreement.sections.map(({ received, sent }) => `${received === null} ${sent === null}`).join();
});

/** New offers, where four sections stand; our answer to each is one that we would read ourselves. */
const offers = target('SDP offers of browsers', BROWSERS, (text) => {
  const description = parseDescription(text);
  const codec = offeredCodec(description, capabilities, ['opus', 'PCMU']) ?? 'opus';
  const change = readOffer(description, terms(codec), FOUR);
  for (const { received } of change.agreement.sections) if (received !== null) checkProducible(received);
  const answer = printDescription(makeAnswer(description, change, { sessionId: '1' }, end));
  return `${parseDescription(answer)
    .sections.map(({ port, direction }) => `${port === 0} ${direction}`)
    .join()}`;
});

/** First offers, of telephones by DTLS-SRTP. */
const beginnings = target('SDP that a session begins with', [DTLS_TELEPHONE, ...BROWSERS], (text) => {
  const description = parseDescription(text);
  const [codec = 'PCMU'] = firstCodecs(description, capabilities);
  const change = readOffer(description, terms(codec), []);
  for (const { received } of change.agreement.sections) if (received !== null) checkProducible(received);
  const answer = makeAnswer(description, change, { sessionId: '1' }, end);
  return parseDescription(printDescription(answer))
    .sections.map(({ port, direction }) => `${port === 0} ${direction}`)
    .join();
});

/** Offers and answers of telephones, in the clear and not. */
const telephones = target('SDP of telephones', TELEPHONES, (text, random) => {
  const mine = { ...telephone, key: random.chance(0.3) ? KEY : null, rtcpMux: random.chance(0.5) };
  const description = parseDescription(text);
  if (random.chance(0.3)) return Object.values(readTelephoneAnswer(description, mine)).map(String).join();
  const { answer, agreement } = answerTelephoneOffer(description, mine);
  // Our next offer has the same m-lines, and we would read it ourselves.
  const next = makeTelephoneOffer({ ...mine, standing: agreement.standing });
  const read = parseDescription(printDescription(next)).sections;
  if (read.map(({ kind }) => kind).join() !== description.sections.map(({ kind }) => kind).join())
    throw new Error('Its m-lines are others than before.');
  return parseDescription(printDescription(answer))
    .sections.map(({ kind, port }) => `${kind} ${port}`)
    .join();
});

/** Everything of media that takes SDP from strangers. */
export const MEDIA_TARGETS: readonly FuzzTarget[] = [answers, offers, beginnings, telephones];

function target(name: string, samples: readonly string[], take: (text: string, random: Random) => string): FuzzTarget {
  return {
    name,
    seeds: () => samples.map((text) => Buffer.from(text)),
    generate: (random) => Buffer.from(shuffled(random, samples)),
    run(bytes, random) {
      try {
        return take(bytes.toString('utf8'), random);
      } catch (error) {
        if (error instanceof SdpRefusal || error instanceof LegError) return error.message.replace(/\d+/g, '#');
        throw error;
      }
    },
  };
}

/** Lines of several descriptions, in some order: nearly right everywhere, and right nowhere. */
export function shuffled(random: Random, samples: readonly string[]): string {
  const sections = random.some(12, () => {
    const [, ...all] = random.of(samples).split(/(?=^m=)/m);
    const lines = random.of(all).split('\r\n');
    for (let times = random.below(6); times > 0; times--) {
      const [from, to] = [random.below(lines.length), random.below(lines.length)];
      const moved = random.chance(0.5) ? lines[from]! : random.of(random.of(samples).split('\r\n'));
      lines.splice(
        to,
        random.below(2),
        moved.replace(/\d+/, (number) => (random.chance(0.2) ? String(random.below(2 ** 32)) : number)),
      );
    }
    return lines.join('\r\n');
  });
  return random.of(samples).split(/(?=^m=)/m)[0]! + sections.join('');
}
