import { BlockList, isIP, isIPv6 } from 'node:net';
import type { AudioCodec } from '../leg.ts';
import {
  directionOf,
  emptySection,
  isLive,
  receives,
  sends,
  type SdpCodec,
  type SdpDescription,
  type SdpSection,
} from './description.ts';
import { quote, SdpRefusal } from './refusal.ts';
import { printKey, usableKeys, type SdesKey } from './sdes.ts';
import { removedSection } from './webRtcOffer.ts';

/** The codecs that telephones and browsers have in common. */
export type TelephoneCodec = Exclude<AudioCodec, 'opus'>;

/** Our side of a telephone's leg. */
export interface TelephoneTerms {
  sessionId: string;
  /** Where the edge takes RTP, and RTCP one port above or, with `rtcpMux`, on the same one. */
  address: string;
  port: number;
  rtcpMux: boolean;
  /** Best first. */
  codecs: readonly TelephoneCodec[];
  /** False puts the telephone on hold: we send (music), and take nothing. */
  receiving: boolean;
  /** False where the telephone holds: an offer of ours is not what ends that (RFC 3264 8.4). */
  sending: boolean;
  /** Our key, where the trunk wants SRTP; null for none. */
  key: SdesKey | null;
  /** What offers have to go by; null before the first agreement. */
  standing: StandingLines | null;
}

/** The m-lines of a session keep their number and their places, also those that nobody uses (RFC 3264 8). */
export interface StandingLines {
  /** As we wrote them last. */
  sections: readonly SdpSection[];
  /** Which one is the sound. */
  sound: number;
}

/** What was agreed on with a telephone. */
export interface TelephoneAgreement {
  /** Where its media are sent to, and the only address that they are taken from. */
  remote: { address: string; port: number };
  /** Where its RTCP is; null where it shares the port of RTP. */
  remoteRtcp: { address: string; port: number } | null;
  codec: TelephoneCodec;
  /** All of ours that it named, in its order: it speaks these, and of those it was asked for no other. */
  named: readonly TelephoneCodec[];
  /** The number of the codec's packets, both ways: they are of the static ones (RFC 3551). */
  payloadType: number;
  /** The other law of G.711, where its answer named both: what it sends may be either (RFC 3264 7). */
  alsoTakes: { codec: TelephoneCodec; payloadType: number } | null;
  /** The numbers of RFC 4733's packets, or null when the telephone takes none. */
  digits: { send: number; receive: number } | null;
  sending: boolean;
  receiving: boolean;
  /** The telephone holds: it does not want to hear the room. */
  peerHolds: boolean;
  /** It was told that it is held. */
  held: boolean;
  standing: StandingLines;
  /** Milliseconds of sound in a packet that is sent. */
  ptime: number;
  /** Keys of SRTP, or null for plain RTP. */
  keys: { ours: SdesKey; theirs: SdesKey } | null;
}

const PAYLOAD_TYPES: Readonly<Record<TelephoneCodec, number>> = { PCMU: 0, PCMA: 8, G722: 9 };
/** G722's clock is 8000 by an old mistake that is kept (RFC 3551 4.5.2). */
const CLOCK_RATE = 8_000;
const DIGITS = 'telephone-event';
const OUR_DIGITS = 101;
const PTIME = 20;

/** Nobody's telephone is there, and whoever says so wants packets sent to somebody else. */
const nobody = new BlockList();
nobody.addSubnet('224.0.0.0', 4, 'ipv4');
nobody.addAddress('255.255.255.255', 'ipv4');
nobody.addSubnet('ff00::', 8, 'ipv6');

/** Makes an offer to a telephone or a trunk; a later one has the sound where it was, and the other m-lines refused. */
export function makeTelephoneOffer(terms: TelephoneTerms): SdpDescription {
  return describe(terms, offeredLines(terms).sections);
}

/**
 * Checks a telephone's answer to our offer.
 * @throws SdpRefusal `mismatch`, `incomplete` or `unsupported`
 */
export function readTelephoneAnswer(answer: SdpDescription, terms: TelephoneTerms): TelephoneAgreement {
  const standing = offeredLines(terms);
  const { length } = standing.sections;
  const section = answer.sections[standing.sound];
  if (section === undefined || answer.sections.length !== length || section.kind !== 'audio') {
    const wanted = length === 1 ? 'one section, for sound' : `${length} sections, number ${standing.sound} for sound`;
    throw new SdpRefusal('mismatch', `It is to have ${wanted}, as the offer has.`);
  }
  if (!isLive(section)) throw new SdpRefusal('unsupported', 'It rejects the sound: port 0.', standing.sound);
  const agreed = agree(section, standing.sound, terms, OUR_DIGITS, (named) => named[0]);
  const other = agreed.named.find((codec) => codec !== agreed.codec && codec !== 'G722');
  const alsoTakes =
    other === undefined || agreed.codec === 'G722' ? null : { codec: other, payloadType: PAYLOAD_TYPES[other] };
  return { ...agreed, alsoTakes, standing };
}

/**
 * Checks a telephone's offer, the first or a later one, and answers it: the first section for sound that can be
 * used is taken, all others are rejected.
 * @throws SdpRefusal why no section can be used
 */
export function answerTelephoneOffer(
  offer: SdpDescription,
  terms: TelephoneTerms,
): { agreement: TelephoneAgreement; answer: SdpDescription } {
  let refusal: SdpRefusal | null = null;
  for (const [index, section] of offer.sections.entries()) {
    if (section.kind !== 'audio' || section.port === 0) continue;
    try {
      const offered = section.codecs.find(isDigits)?.payloadType ?? OUR_DIGITS;
      // Ours are in the order of what the room speaks, so that nobody else has to change.
      const best = (named: readonly TelephoneCodec[]) => terms.codecs.find((codec) => named.includes(codec));
      const agreed = agree(section, index, terms, offered, best);
      const sections = offer.sections.map((one, at) => (at === index ? chosen(one, agreed, terms) : refused(one)));
      const agreement = { ...agreed, alsoTakes: null, standing: { sections, sound: index } };
      return { agreement, answer: describe(terms, sections) };
    } catch (error) {
      if (!(error instanceof SdpRefusal)) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new SdpRefusal('unsupported', 'It has no section for sound; a telephone’s leg is sound.');
}

/** What one section says by itself. */
type SoundAgreement = Omit<TelephoneAgreement, 'alsoTakes' | 'standing'>;

function agree(
  section: SdpSection,
  index: number,
  terms: TelephoneTerms,
  ourDigits: number,
  choose: (named: readonly TelephoneCodec[]) => TelephoneCodec | undefined,
): SoundAgreement {
  const keys = agreeKeys(section, index, terms);
  const named = section.codecs.flatMap((codec) => terms.codecs.filter((ours) => isCodec(codec, ours)));
  const codec = choose(named);
  if (codec === undefined) {
    throw new SdpRefusal('unsupported', `It has none of our codecs: ${terms.codecs.join(', ')}.`, index);
  }
  const remote = place(section.address, section.port, terms, index);
  const muxed = terms.rtcpMux && section.rtcpMux;
  const rtcp = section.rtcp === null || section.rtcp.port === 0 ? null : section.rtcp;
  // RFC 2543 held with the address 0.0.0.0; RFC 3264 8.4 wants it understood.
  const nowhere = /^(0\.0\.0\.0|::)$/.test(remote.address);
  const digits = section.codecs.find(isDigits);
  const hears = receives(section.direction) && !nowhere;
  return {
    remote,
    remoteRtcp: muxed ? null : place(rtcp?.address ?? remote.address, rtcp?.port ?? remote.port + 1, terms, index),
    codec,
    named,
    payloadType: PAYLOAD_TYPES[codec],
    digits: digits === undefined ? null : { send: digits.payloadType, receive: ourDigits },
    sending: hears,
    receiving: terms.receiving && sends(section.direction),
    peerHolds: !hears,
    held: !terms.receiving,
    ptime: packetTime(section),
    keys,
  };
}

/** A whole number of G.711's samples, and no longer than the peer takes. */
function packetTime({ ptime, maxptime }: SdpSection): number {
  const wanted = Math.min(ptime ?? PTIME, maxptime ?? Number.POSITIVE_INFINITY, 60);
  return Math.max(10, Math.floor(wanted / 10) * 10);
}

function agreeKeys(section: SdpSection, index: number, { key }: TelephoneTerms): TelephoneAgreement['keys'] {
  const secure = /^RTP\/SAVPF?$/i.test(section.protocol);
  if (!secure && !/^RTP\/AVPF?$/i.test(section.protocol)) {
    throw new SdpRefusal(
      'unsupported',
      `Its transport is ${quote(section.protocol)}; a telephone speaks RTP/AVP or RTP/SAVP.`,
      index,
    );
  }
  if (key === null) {
    if (secure) throw new SdpRefusal('unsupported', 'It wants SRTP, which is not set up for this trunk.', index);
    return null;
  }
  if (!secure)
    throw new SdpRefusal('unsupported', 'It is in the clear; this trunk is set up for SRTP (RTP/SAVP).', index);
  const theirs = usableKeys(section.crypto).find(({ suite }) => suite === key.suite);
  if (theirs === undefined)
    throw new SdpRefusal('unsupported', `It has no “a=crypto” line for ${key.suite} that can be used.`, index);
  // RFC 4568 5.1.2: the answer bears the tag of the line that was taken.
  return { ours: { ...key, tag: theirs.tag }, theirs };
}

/** Where media are sent to; what a stranger says here is where packets will go. */
function place(
  address: string | null,
  port: number,
  terms: TelephoneTerms,
  index: number,
): { address: string; port: number } {
  if (address === null)
    throw new SdpRefusal('incomplete', 'It has no “c=” line: nobody knows where to send to.', index);
  if (nobody.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) {
    throw new SdpRefusal('unsupported', `Its address ${address} is a group’s, not a telephone’s.`, index);
  }
  const ours = isIP(terms.address);
  if (ours !== 0 && ours !== isIP(address)) {
    throw new SdpRefusal(
      'unsupported',
      `Its address ${address} cannot be reached from IPv${ours}, which telephones are served on here.`,
      index,
    );
  }
  if (port < 1024 || port > 65_535) {
    throw new SdpRefusal('unsupported', `Its port ${port} is not for RTP: below 1024 are well-known services.`, index);
  }
  return { address, port };
}

function chosen(section: SdpSection, agreement: SoundAgreement, terms: TelephoneTerms): SdpSection {
  const { codec, payloadType, digits } = agreement;
  const codecs = [codecLine(codec, payloadType, '')];
  if (digits !== null) codecs.push(codecLine(DIGITS, digits.receive, '0-16'));
  return {
    ...audioSection(terms, codecs, agreement.keys?.ours ?? null),
    protocol: section.protocol,
    mid: section.mid,
    direction: directionOf(agreement.sending, agreement.receiving),
    rtcpMux: agreement.remoteRtcp === null,
  };
}

function refused(section: SdpSection): SdpSection {
  return {
    ...removedSection(section, section.protocol),
    formats: section.formats || String(section.codecs[0]?.payloadType ?? 0),
  };
}

/** Its version is for who prints it to say (`versions.ts`). */
function describe({ sessionId, address }: TelephoneTerms, sections: readonly SdpSection[]): SdpDescription {
  const origin = { username: '-', sessionId, version: 0, address };
  return { origin, iceLite: false, bundle: [], sections: [...sections] };
}

function offeredLines(terms: TelephoneTerms): StandingLines {
  const codecs = terms.codecs.map((codec) => codecLine(codec, PAYLOAD_TYPES[codec], ''));
  const sound = audioSection(terms, [...codecs, codecLine(DIGITS, OUR_DIGITS, '0-16')], terms.key);
  const { standing } = terms;
  if (standing === null) return { sections: [sound], sound: 0 };
  const sections = standing.sections.map((one, at) => {
    return at === standing.sound ? { ...sound, protocol: one.protocol, mid: one.mid } : refused(one);
  });
  return { sections, sound: standing.sound };
}

function audioSection(terms: TelephoneTerms, codecs: SdpCodec[], key: SdesKey | null): SdpSection {
  return {
    ...emptySection('audio', key === null ? 'RTP/AVP' : 'RTP/SAVP'),
    port: terms.port,
    address: terms.address,
    direction: directionOf(terms.sending, terms.receiving),
    codecs,
    rtcpMux: terms.rtcpMux,
    ptime: PTIME,
    crypto: key === null ? [] : [printKey(key)],
  };
}

function codecLine(name: string, payloadType: number, fmtp: string): SdpCodec {
  return { payloadType, name, clockRate: CLOCK_RATE, channels: 1, fmtp, feedback: [] };
}

function isCodec(codec: SdpCodec, ours: TelephoneCodec): boolean {
  return (
    codec.payloadType === PAYLOAD_TYPES[ours] && codec.name.toUpperCase() === ours && codec.clockRate === CLOCK_RATE
  );
}

function isDigits({ name, clockRate }: SdpCodec): boolean {
  return name.toLowerCase() === DIGITS && clockRate === CLOCK_RATE;
}
