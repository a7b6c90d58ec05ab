import type { types } from 'mediasoup';
import type { MediaKind } from '../leg.ts';
import {
  codecCapability,
  codecParameters,
  isMedia,
  matchCodecs,
  RID_EXTENSIONS,
  sectionCodecs,
  sectionExtensions,
} from './codecs.ts';
import { isLive, receives, sends, type SdpDescription, type SdpSection } from './description.ts';
import { quote, SdpRefusal } from './refusal.ts';
import type { OfferTerms, OwnSection } from './webRtcOffer.ts';

/** What both sides agreed on for one section. */
export interface AgreedSection {
  mid: string;
  kind: MediaKind;
  /** What the peer sends, ready for `transport.produce`; null when it sends nothing. */
  received: types.RtpParameters | null;
  /** What the peer takes, ready for `transport.consume`; null when it takes nothing. */
  sent: types.RtpCapabilities | null;
  /** The codecs and extensions, as an answer of ours repeats them. */
  written: Pick<SdpSection, 'codecs' | 'extensions' | 'rids' | 'simulcast'>;
  /** Either side said port 0: nothing flows, and the place may be taken by another section. */
  rejected: boolean;
  /** The peer is to get something here and says that it will not take it. */
  held: boolean;
}

export interface Agreement {
  dtls: types.DtlsParameters;
  /** What tells one ICE session of the peer's from the next (RFC 8839 4.4.1.1.1). */
  iceSession: string;
  sections: AgreedSection[];
  /** The peer does not want to hear us now (RFC 3264 8.4); SIP.js says `sendonly` and goes on sending. */
  peerHolds: boolean;
}

/** Lengths of fingerprints, in bytes. */
const HASHES: ReadonlyMap<string, number> = new Map([
  ['sha-1', 20],
  ['sha-224', 28],
  ['sha-256', 32],
  ['sha-384', 48],
  ['sha-512', 64],
]);

/** mediasoup writes at most eight bytes of a MID into a packet. */
const LONGEST_MID = 8;
const MOST_SIZES = 4;
const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';

/**
 * Checks a browser's answer against the offer that it answers.
 * @param sections of that offer
 * @throws SdpRefusal `mismatch`, `incomplete` or `unsupported`
 */
export function readAnswer(answer: SdpDescription, terms: OfferTerms, sections: readonly OwnSection[]): Agreement {
  if (answer.sections.length !== sections.length) {
    throw new SdpRefusal(
      'mismatch',
      `It has ${answer.sections.length} media sections where the offer has ${sections.length}; an answer has one for each.`,
    );
  }
  for (const [index, own] of sections.entries()) checkPlace(answer, own, index);
  const agreed = sections.map((own, index) => agreeSection(answer, index, own, terms, 'ours'));
  return agree(answer, agreed, 'active');
}

/**
 * Whether a peer has one section alone that lives, and a transport for it: telephones that speak DTLS-SRTP know neither
 * mids nor bundles, and with one section need none (RFC 9143 7.3, RFC 5888 9.2).
 */
export function isAlone(description: SdpDescription): boolean {
  return description.bundle.length === 0 && description.sections.filter(isLive).length === 1;
}

/** Whether a section of theirs is the one of ours at its place. */
export function checkPlace(description: SdpDescription, own: OwnSection, index: number): void {
  const theirs = description.sections[index]!;
  if (theirs.kind !== own.kind) {
    throw new SdpRefusal('mismatch', `It is ${quote(theirs.kind)} where ${own.kind} was agreed on.`, index);
  }
  // Who rejects a section may leave its mid out.
  const named = isLive(theirs) && !(theirs.mid === null && isAlone(description));
  if (named && theirs.mid !== own.mid) {
    throw new SdpRefusal(
      'mismatch',
      `Its mid is ${quote(theirs.mid ?? '')} where ${quote(own.mid)} was agreed on.`,
      index,
    );
  }
}

/**
 * What is agreed on for one section that both have.
 * @param order whose order of codecs the peer sends by, and it sends the first: that of the description which it was
 * sent (RFC 3264 6.1 and 7), whatever order it wrote itself
 */
export function agreeSection(
  description: SdpDescription,
  index: number,
  own: OwnSection,
  terms: OfferTerms,
  order: 'ours' | 'theirs',
): AgreedSection {
  const theirs = description.sections[index]!;
  const nothing = { mid: own.mid, kind: own.kind, received: null, sent: null };
  if (own.removed || !isLive(theirs)) {
    return {
      ...nothing,
      written: { codecs: [], extensions: [], rids: [], simulcast: null },
      rejected: true,
      held: false,
    };
  }
  checkTransport(description, theirs, index);

  const ours = sectionCodecs(terms.capabilities, own.kind, terms.spoken);
  const codecs = matchCodecs(theirs.codecs, ours);
  const receiving = own.receiving && !terms.held && sends(theirs.direction);
  const sending = own.sending && receives(theirs.direction);
  if (!codecs.some(({ codec }) => isMedia(codec))) {
    throw new SdpRefusal(
      'unsupported',
      `It has no codec of ours under our number. Ours are: ${named(own, terms)}.`,
      index,
    );
  }
  const heard = order === 'theirs' ? codecs : [...codecs].sort((a, b) => ours.indexOf(a.codec) - ours.indexOf(b.codec));
  const known = sectionExtensions(terms.capabilities, own.kind, terms.simulcast.length > 0);
  const extensions = known.flatMap(({ uri }) => theirs.extensions.filter((one) => one.uri === uri).slice(0, 1));
  const sizes = receiving ? simulcastSizes(theirs, terms) : [];
  const written = {
    codecs: codecs.map(({ written: codec }) => codec),
    extensions,
    rids: sizes.map((id) => ({ id, direction: 'recv' })),
    simulcast: sizes.length > 0 ? { send: [], receive: sizes } : null,
  };
  return {
    ...nothing,
    received: receiving
      ? {
          mid: own.mid,
          codecs: heard.map(({ written: codec, codec: of }) => codecParameters(codec, of)),
          headerExtensions: extensions.map(({ id, uri }) => ({ id, uri: uri as types.RtpHeaderExtensionUri })),
          encodings: encodings(
            theirs,
            sizes,
            codecs.some(({ codec }) => !isMedia(codec) && codec.kind === 'video'),
          ),
          rtcp: { ...(theirs.cname !== null && { cname: theirs.cname }), reducedSize: theirs.rtcpReducedSize },
        }
      : null,
    sent: sending
      ? {
          codecs: codecs.map(({ written: codec, codec: of }) => codecCapability(codec, of)),
          headerExtensions: known.filter(({ uri, preferredId }) =>
            extensions.some((one) => one.uri === uri && one.id === preferredId),
          ),
        }
      : null,
    written,
    rejected: false,
    held: own.sending && !receives(theirs.direction),
  };
}

/** What is agreed on as a whole. */
export function agree(description: SdpDescription, sections: AgreedSection[], unsaid: 'active' | 'actpass'): Agreement {
  const live = description.sections.filter((section, index) => isLive(section) && !sections[index]?.rejected);
  const first = live[0];
  if (first === undefined)
    throw new SdpRefusal('unsupported', 'It rejects every media section: nothing is left to do.');
  for (const other of live) {
    if (JSON.stringify(other.fingerprints) !== JSON.stringify(first.fingerprints)) {
      throw new SdpRefusal('mismatch', 'Its bundled sections have different fingerprints; they share one transport.');
    }
  }
  if (description.iceLite) {
    throw new SdpRefusal(
      'unsupported',
      'It says “a=ice-lite”, and so do we: nobody would look for a way. Speak full ICE.',
    );
  }
  if (first.ice === null) {
    throw new SdpRefusal('incomplete', 'It has no “a=ice-ufrag” and “a=ice-pwd”: without ICE nothing reaches it.');
  }
  const ssrcs = live.flatMap(({ streams }) =>
    streams.flatMap(({ ssrc, rtx }) => (rtx === null ? [ssrc] : [ssrc, rtx])),
  );
  if (new Set(ssrcs).size !== ssrcs.length) {
    throw new SdpRefusal(
      'mismatch',
      'Two of its sections announce the same SSRC; one could not be told from the other.',
    );
  }
  return {
    dtls: { role: roleOf(first, unsaid), fingerprints: fingerprints(first) },
    iceSession: `${first.ice.ufrag} ${first.ice.pwd}`,
    sections,
    peerHolds: sections.find(({ kind, rejected }) => kind === 'audio' && !rejected)?.held ?? false,
  };
}

function checkTransport(description: SdpDescription, theirs: SdpSection, index: number): void {
  if (!/^(UDP|TCP)\/TLS\/RTP\/SAVPF$/i.test(theirs.protocol)) {
    throw new SdpRefusal(
      'unsupported',
      `Its transport is ${quote(theirs.protocol)}; WebRTC wants UDP/TLS/RTP/SAVPF.`,
      index,
    );
  }
  if (!theirs.rtcpMux)
    throw new SdpRefusal('unsupported', 'It lacks “a=rtcp-mux”: RTCP has no port of its own here.', index);
  if (isAlone(description)) {
    // mediasoup would take it, and hear nothing.
    if (sends(theirs.direction) && theirs.streams.length === 0 && !theirs.extensions.some(({ uri }) => uri === MID)) {
      throw new SdpRefusal('incomplete', 'It needs an “a=ssrc” line: nothing else would tell its packets.', index);
    }
    return;
  }
  if (theirs.mid === null || theirs.mid.length > LONGEST_MID) {
    throw new SdpRefusal('unsupported', `It needs a mid of one to ${LONGEST_MID} characters.`, index);
  }
  if (!description.bundle.includes(theirs.mid)) {
    throw new SdpRefusal('unsupported', 'It is in no BUNDLE group: everything goes over one transport here.', index);
  }
}

function fingerprints(section: SdpSection): types.DtlsFingerprint[] {
  const [fingerprint] = section.fingerprints;
  if (fingerprint === undefined) {
    throw new SdpRefusal('incomplete', 'It has no “a=fingerprint”: its encryption could not be checked.');
  }
  const bytes = HASHES.get(fingerprint.algorithm);
  if (bytes === undefined || fingerprint.value.split(':').length !== bytes) {
    throw new SdpRefusal(
      'unsupported',
      `Its fingerprint by ${quote(fingerprint.algorithm)} is none of SHA-1 to SHA-512.`,
    );
  }
  return [{ algorithm: fingerprint.algorithm as types.FingerprintAlgorithm, value: fingerprint.value }];
}

/** The peer's role (RFC 8842): who is active is the client. Who leaves the choice to us gets to be it. */
function roleOf({ setup }: SdpSection, unsaid: 'active' | 'actpass'): types.DtlsRole {
  const said = setup ?? unsaid;
  if (said === 'passive') return 'server';
  if (said === 'active' || (said === 'actpass' && unsaid === 'actpass')) return 'client';
  throw new SdpRefusal('mismatch', `Its “a=setup:${said}” leaves open who begins the handshake.`);
}

function simulcastSizes(theirs: SdpSection, terms: OfferTerms): string[] {
  const declared = new Set(theirs.rids.filter(({ direction }) => direction === 'send').map(({ id }) => id));
  const sizes = (theirs.simulcast?.send ?? []).filter((id) => declared.has(id) && terms.simulcast.includes(id));
  const told = RID_EXTENSIONS.slice(0, 1).every((uri) => theirs.extensions.some((one) => one.uri === uri));
  return told && sizes.length > 1 ? [...new Set(sizes)].slice(0, MOST_SIZES) : [];
}

function encodings(theirs: SdpSection, sizes: readonly string[], rtx: boolean): types.RtpEncodingParameters[] {
  if (sizes.length > 0) return sizes.map((rid) => ({ rid, scalabilityMode: 'L1T3' }));
  const [stream] = theirs.streams;
  // Without an SSRC, mediasoup learns it from the first packet that bears the MID.
  if (stream === undefined) return [{}];
  return [{ ssrc: stream.ssrc, ...(rtx && stream.rtx !== null && { rtx: { ssrc: stream.rtx } }) }];
}

function named(own: OwnSection, terms: OfferTerms): string {
  const codecs = sectionCodecs(terms.capabilities, own.kind, terms.spoken).filter(isMedia);
  return codecs
    .map(({ mimeType, preferredPayloadType }) => `${mimeType.slice(6)} as ${preferredPayloadType}`)
    .join(', ');
}
