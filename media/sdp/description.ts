import { isIPv6 } from 'node:net';

/** From the point of view of whoever wrote the description (RFC 3264 5.1). */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export type Setup = 'actpass' | 'active' | 'passive' | 'holdconn';

/** One line of the payload table of a section: rtpmap, fmtp and rtcp-fb together. */
export interface SdpCodec {
  payloadType: number;
  /** As written; compare without case. */
  name: string;
  clockRate: number;
  /** 1 where nothing is said. */
  channels: number;
  /** The value of `a=fmtp`, unread; empty when there is none. */
  fmtp: string;
  feedback: { type: string; parameter: string }[];
}

export interface SdpCandidate {
  foundation: string;
  component: number;
  transport: string;
  priority: number;
  address: string;
  port: number;
  type: string;
  tcpType: string | null;
}

/** One `a=crypto` line (RFC 4568). */
export interface SdpCrypto {
  tag: number;
  suite: string;
  keyParams: string;
  sessionParams: string;
}

/** One `m=` section, with what the session level said for it folded in. */
export interface SdpSection {
  /** `audio`, `video`, `application`, `image` … */
  kind: string;
  /** 0 is a section that was rejected or removed; with `bundleOnly` it is one that borrows another's. */
  port: number;
  protocol: string;
  /** The formats of the `m=` line where they are no RTP payload types, as written; else empty. */
  formats: string;
  /** Where media are taken; null when nothing was said. */
  address: string | null;
  mid: string | null;
  direction: Direction;
  bundleOnly: boolean;
  codecs: SdpCodec[];
  extensions: { id: number; uri: string }[];
  extmapAllowMixed: boolean;
  msid: { stream: string; track: string } | null;
  /** Streams that are announced by SSRC, in their order; `rtx` is the SSRC of its retransmissions (FID). */
  streams: { ssrc: number; rtx: number | null }[];
  cname: string | null;
  rids: { id: string; direction: string }[];
  /** Stream ids of `a=simulcast`, of which a paused or alternative one counts as one. */
  simulcast: { send: string[]; receive: string[] } | null;
  rtcpMux: boolean;
  rtcpReducedSize: boolean;
  rtcp: { port: number; address: string | null } | null;
  ptime: number | null;
  maxptime: number | null;
  crypto: SdpCrypto[];
  ice: { ufrag: string; pwd: string } | null;
  iceOptions: string[];
  candidates: SdpCandidate[];
  endOfCandidates: boolean;
  fingerprints: { algorithm: string; value: string }[];
  setup: Setup | null;
}

/** A session description that was read, or is to be written. */
export interface SdpDescription {
  origin: { username: string; sessionId: string; version: number; address: string };
  iceLite: boolean;
  /** Mids of the first BUNDLE group, in its order; empty without one. */
  bundle: string[];
  sections: SdpSection[];
}

/** A section that says nothing yet. */
export function emptySection(kind: string, protocol: string): SdpSection {
  return {
    kind,
    port: 0,
    protocol,
    formats: '',
    address: null,
    mid: null,
    direction: 'inactive',
    bundleOnly: false,
    codecs: [],
    extensions: [],
    extmapAllowMixed: false,
    msid: null,
    streams: [],
    cname: null,
    rids: [],
    simulcast: null,
    rtcpMux: false,
    rtcpReducedSize: false,
    rtcp: null,
    ptime: null,
    maxptime: null,
    crypto: [],
    ice: null,
    iceOptions: [],
    candidates: [],
    endOfCandidates: false,
    fingerprints: [],
    setup: null,
  };
}

/** Whether the writer of a section is willing to send in it. */
export function sends(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'sendonly';
}

/** Whether the writer of a section is willing to receive in it. */
export function receives(direction: Direction): boolean {
  return direction === 'sendrecv' || direction === 'recvonly';
}

export function directionOf(sending: boolean, receiving: boolean): Direction {
  if (sending) return receiving ? 'sendrecv' : 'sendonly';
  return receiving ? 'recvonly' : 'inactive';
}

/** Whether a section carries media: not rejected, or rejected in looks only (RFC 9143 7.2.1). */
export function isLive(section: SdpSection): boolean {
  return section.port !== 0 || section.bundleOnly;
}

/** The parameters of a codec, by lower-case name; a word without a value has an empty one. */
export function fmtpOf(codec: SdpCodec): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const part of codec.fmtp.split(';')) {
    const [name = '', ...value] = part.trim().split('=');
    if (name !== '') parameters.set(name.toLowerCase(), value.join('='));
  }
  return parameters;
}

/** `IP4` or `IP6`, of an address of either kind. */
export function addressFamily(address: string): 4 | 6 {
  return isIPv6(address) ? 6 : 4;
}
