import { AUDIO_CODECS, type AudioCodec } from '../leg.ts';
import { isMedia, matchCodecs, sectionCodecs } from './codecs.ts';
import { directionOf, isLive, type SdpDescription } from './description.ts';
import { quote, SdpRefusal } from './refusal.ts';
import { agree, agreeSection, checkPlace, isAlone, type AgreedSection, type Agreement } from './webRtcAgreement.ts';
import {
  describe,
  ownSection,
  removedSection,
  type OfferTerms,
  type OwnSection,
  type TransportEnd,
} from './webRtcOffer.ts';

/** What a peer's offer makes of a leg's sections. */
export interface OfferedChange {
  agreement: Agreement;
  /** One for each section of the offer. */
  sections: OwnSection[];
}

/** The first of some codecs that an offer has under our number; null when it has none. */
export function offeredCodec(
  offer: SdpDescription,
  capabilities: OfferTerms['capabilities'],
  preferred: readonly AudioCodec[],
): AudioCodec | null {
  const audio = offer.sections.filter((section) => section.kind === 'audio' && isLive(section));
  const has = (codec: AudioCodec) => matchCodecs(audio[0]?.codecs ?? [], sectionCodecs(capabilities, 'audio', [codec]));
  return preferred.find((codec) => has(codec).some((match) => isMedia(match.codec))) ?? null;
}

/**
 * The codecs, best first, of an offer that a session may begin with: one section, for sound, without header extensions,
 * as telephones write it. A browser's numbers of those would stand for good, and consumers send with the router's.
 * @throws SdpRefusal `unsupported`
 */
export function firstCodecs(offer: SdpDescription, capabilities: OfferTerms['capabilities']): AudioCodec[] {
  const [section, ...others] = offer.sections.filter(isLive);
  const plain = section?.kind === 'audio' && section.extensions.length === 0 && others.length === 0;
  if (!plain || !isAlone(offer)) {
    throw new SdpRefusal('unsupported', 'A browser’s session begins with our offer: send an INVITE without SDP.');
  }
  return AUDIO_CODECS.filter((codec) => offeredCodec(offer, capabilities, [codec]) !== null);
}

/**
 * Checks an offer of a browser's that changes what stands.
 * @param standing the leg's sections so far
 * @throws SdpRefusal `mismatch`, `incomplete` or `unsupported`
 */
export function readOffer(offer: SdpDescription, terms: OfferTerms, standing: readonly OwnSection[]): OfferedChange {
  if (offer.sections.length < standing.length) {
    throw new SdpRefusal(
      'mismatch',
      `It has ${offer.sections.length} media sections where ${standing.length} stand; one that is over says port 0.`,
    );
  }
  const sections: OwnSection[] = [];
  const agreed: AgreedSection[] = [];
  let unwelcome: SdpRefusal | null = null;
  for (const [index, theirs] of offer.sections.entries()) {
    const stood = standing[index];
    const goesOn = stood !== undefined && !recycles(stood, theirs);
    let own = goesOn ? stood : welcome(theirs, sections, standing, index);
    if (!isLive(theirs)) own = { ...own, msid: null, removed: true };
    else if (!own.removed) checkPlace(offer, own, index);
    let section: AgreedSection;
    try {
      section = agreeSection(offer, index, own, terms, 'theirs');
    } catch (error) {
      // What is new and not spoken here is rejected by itself; what stands must go on.
      if (goesOn || !(error instanceof SdpRefusal) || error.fault !== 'unsupported') throw error;
      unwelcome ??= error;
      own = { ...own, removed: true };
      section = agreeSection(offer, index, own, terms, 'theirs');
    }
    sections.push(own);
    agreed.push(section);
  }
  if (unwelcome !== null && sections.every(({ removed }) => removed)) throw unwelcome;
  return { agreement: agree(offer, agreed, 'actpass'), sections };
}

/**
 * Answers an offer that was agreed on. Directions are what both want; roles are the other halves of the peer's.
 * @param end of the transport as it is after an ICE restart, if the offer asked for one
 */
export function makeAnswer(
  offer: SdpDescription,
  { agreement, sections }: OfferedChange,
  terms: Pick<OfferTerms, 'sessionId'>,
  end: TransportEnd,
): SdpDescription {
  const setup = agreement.dtls.role === 'server' ? 'active' : 'passive';
  const answer = describe(terms, end, sections, (section, index) => {
    const { received, sent, written } = agreement.sections[index]!;
    return {
      ...ownSection(section, end, setup),
      // Who has no word for it is not answered with it.
      mid: offer.sections[index]!.mid,
      direction: directionOf(sent !== null, received !== null),
      ...written,
    };
  });
  // RFC 3264 6: a rejected section repeats the kind and the protocol of the offer, whatever they were.
  answer.sections = answer.sections.map((section, index) => {
    const theirs = offer.sections[index]!;
    if (section.port !== 0) return section;
    return { ...removedSection(theirs, theirs.protocol), formats: theirs.formats || firstFormat(theirs.codecs) };
  });
  // RFC 9143 7.3: the answer's group is of the offer's.
  answer.bundle = answer.bundle.filter((mid) => offer.bundle.includes(mid));
  return answer;
}

/** Whether the peer puts a new section into the place of one that is out of use (RFC 8829 5.2.2). */
function recycles(stood: OwnSection, theirs: { kind: string; mid: string | null; port: number }): boolean {
  return stood.removed && theirs.port !== 0 && theirs.mid !== stood.mid;
}

/** A section that the peer begins: taken when it is the only one of its kind that the peer sends in. */
function welcome(
  theirs: { kind: string; mid: string | null },
  before: readonly OwnSection[],
  standing: readonly OwnSection[],
  index: number,
): OwnSection {
  const kind = theirs.kind === 'video' ? 'video' : 'audio';
  const known = theirs.kind === 'audio' || theirs.kind === 'video';
  const later = standing.slice(index + 1);
  const taken = [...before, ...later].some((own) => own.kind === kind && own.receiving && !own.removed);
  if (theirs.mid !== null && later.some(({ mid }) => mid === theirs.mid)) {
    throw new SdpRefusal('mismatch', `Its mid ${quote(theirs.mid)} is another section’s.`, index);
  }
  return {
    mid: theirs.mid ?? String(index),
    kind,
    sending: true,
    receiving: true,
    msid: null,
    removed: !known || taken,
  };
}

function firstFormat(codecs: readonly { payloadType: number }[]): string {
  return String(codecs[0]?.payloadType ?? 0);
}
