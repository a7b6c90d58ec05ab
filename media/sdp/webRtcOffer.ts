import { isIP } from 'node:net';
import type { types } from 'mediasoup';
import type { AudioCodec, MediaKind } from '../leg.ts';
import { printCodec, sectionCodecs, sectionExtensions } from './codecs.ts';
import { directionOf, emptySection, type SdpDescription, type SdpSection, type Setup } from './description.ts';

/** Our end of a WebRTC transport, as mediasoup made it. */
export interface TransportEnd {
  ice: types.IceParameters;
  candidates: readonly types.IceCandidate[];
  fingerprints: readonly types.DtlsFingerprint[];
}

/** One of a leg's sections, as the room sees it. Its place in the list is its place in the SDP, for good. */
export interface OwnSection {
  mid: string;
  kind: MediaKind;
  /** Whether something may be sent in it to the peer. */
  sending: boolean;
  /** Whether something may be received in it from the peer. */
  receiving: boolean;
  /** Whose sound or picture is in it, as the peer's page is to read it; null when nobody's yet. */
  msid: { stream: string; track: string } | null;
  /** Out of use: port 0, until it is recycled with a new mid. */
  removed: boolean;
}

/** What a leg's offers have in common. */
export interface OfferTerms {
  sessionId: string;
  capabilities: types.RtpCapabilities;
  /** The codecs of sound that are offered, best first. */
  spoken: readonly AudioCodec[];
  /** Sizes of one picture that the peer may send besides each other, smallest first; empty for one size. */
  simulcast: readonly string[];
  /** The peer is on hold: nothing is to be received from it (RFC 3264 8.4). */
  held: boolean;
}

const PROTOCOL = 'UDP/TLS/RTP/SAVPF';

/**
 * Makes an offer to a browser (RFC 8829). There are no `a=ssrc` lines on purpose: who gets what in which section
 * can change without a new offer, since browsers tell streams apart by their MID.
 */
export function makeOffer(terms: OfferTerms, end: TransportEnd, sections: readonly OwnSection[]): SdpDescription {
  return describe(terms, end, sections, (section) => {
    const receiving = section.receiving && !terms.held;
    const simulcast = section.kind === 'video' && receiving ? terms.simulcast : [];
    const written = ownSection(section, end, 'actpass');
    written.direction = directionOf(section.sending, receiving);
    written.codecs = sectionCodecs(terms.capabilities, section.kind, terms.spoken).map(printCodec);
    written.extensions = sectionExtensions(terms.capabilities, section.kind, simulcast.length > 0).map(
      ({ preferredId, uri }) => ({ id: preferredId, uri }),
    );
    if (simulcast.length > 0) {
      written.rids = simulcast.map((id) => ({ id, direction: 'recv' }));
      written.simulcast = { send: [], receive: [...simulcast] };
    }
    return written;
  });
}

/**
 * The frame of an offer or an answer: origin, bundle, and sections that are out of use. Its version is for who prints
 * it to say (`versions.ts`).
 */
export function describe(
  { sessionId }: Pick<OfferTerms, 'sessionId'>,
  end: TransportEnd,
  sections: readonly OwnSection[],
  write: (section: OwnSection, index: number) => SdpSection,
): SdpDescription {
  const written = sections.map((section, index) => (section.removed ? removedSection(section) : write(section, index)));
  return {
    origin: { username: '-', sessionId, version: 0, address: defaultAddress(end).address },
    iceLite: true,
    bundle: written.flatMap(({ port, mid }) => (port === 0 || mid === null ? [] : [mid])),
    sections: written,
  };
}

/** A section with everything of the transport's; direction, codecs and extensions are the caller's. */
export function ownSection(section: OwnSection, end: TransportEnd, setup: Setup): SdpSection {
  const { address, port } = defaultAddress(end);
  return {
    ...emptySection(section.kind, PROTOCOL),
    port,
    address,
    mid: section.mid,
    msid: section.sending ? section.msid : null,
    rtcpMux: true,
    rtcpReducedSize: true,
    ice: { ufrag: end.ice.usernameFragment, pwd: end.ice.password },
    candidates: end.candidates.map((candidate) => ({
      foundation: candidate.foundation,
      component: 1,
      transport: candidate.protocol,
      priority: candidate.priority,
      address: candidate.address,
      port: candidate.port,
      type: candidate.type,
      tcpType: candidate.tcpType ?? null,
    })),
    endOfCandidates: true,
    fingerprints: end.fingerprints
      .filter(({ algorithm }) => algorithm === 'sha-256')
      .map(({ algorithm, value }) => ({ algorithm, value: value.toUpperCase() })),
    setup,
  };
}

/** RFC 8829 5.2.2: port 0, out of the bundle. */
export function removedSection({ kind, mid }: { kind: string; mid: string | null }, protocol = PROTOCOL): SdpSection {
  return { ...emptySection(kind, protocol), address: '0.0.0.0', mid };
}

/** What a peer without ICE would use (RFC 8839 5.1); a candidate may be a name, which `c=` must not. */
function defaultAddress({ candidates }: TransportEnd): { address: string; port: number } {
  const candidate = candidates.find(({ protocol, address }) => protocol === 'udp' && isIP(address) !== 0);
  return candidate === undefined
    ? { address: '0.0.0.0', port: 9 }
    : { address: candidate.address, port: candidate.port };
}
