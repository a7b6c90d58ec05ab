import type { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import type { StreamQuality } from './quality.ts';

/** The audio codecs that rooms speak, best first. Browsers and telephones have all but opus in common. */
export const AUDIO_CODECS = ['opus', 'G722', 'PCMU', 'PCMA'] as const;
export type AudioCodec = (typeof AUDIO_CODECS)[number];

export type MediaKind = 'audio' | 'video';

/** Where a room's media live just now: a router, and the port that its worker listens on for browsers. */
export interface Placement {
  router: types.Router;
  webRtcServer: types.WebRtcServer;
  workerId: string;
}

/** What a leg gives to the others: one stream of its peer's. */
export interface Source {
  legId: string;
  kind: MediaKind;
  /** It lives on the router of the leg's placement, and is closed by the leg alone. */
  producer: types.Producer;
  /** The room's own (music, an announcement) and nobody's: the peer hears it though the service holds it. */
  played?: boolean;
}

/** Who holds: the application, by `hold`, or the peer, by an offer or answer that says so. */
export interface Holding {
  byService: boolean;
  byPeer: boolean;
}

/** What a leg was found to carry over the last interval; null where nothing was to be measured. */
export interface LegQuality {
  /** From the peer to the room. */
  received: { audio: StreamQuality | null; video: StreamQuality | null };
  /** From the room to the peer, as the peer reports it; the worst where there are several. */
  sent: { audio: StreamQuality | null; video: StreamQuality | null };
  /** Milliseconds there and back, as far as it is known. */
  roundTripMs: number | null;
  /** How loud the peer's sound was, in dBov (-96 to 0); null where none came, or nobody could measure it. */
  levelDbov: number | null;
  /** True when the peer may speak (it is not held, and was to send sound) and no packet came in the interval. */
  silent: boolean;
}

/** Why a leg ended: its owner closed it, or what happened to it. */
export type LegFailure =
  /** The peer's connection broke and did not come back. */
  | 'disconnected'
  /** DTLS or SRTP could not be agreed on. */
  | 'handshake'
  /** The worker died, or its room ended, and nobody moved the leg in time. */
  | 'worker';

/** What a leg tells. Nothing is told after `closed`. */
export interface LegEvents {
  /** A source appeared, or (null) its kind is gone. Told after an answer, an accepted offer or a move. */
  source: [kind: MediaKind, source: Source | null];
  /** What the peer shall get does not fit what was agreed on: call `offer()` and bring the answer. */
  offerNeeded: [];
  /** Which section of the SDP shows whom, for a page that wants to put a name under a picture. */
  layout: [sections: readonly { mid: string; kind: MediaKind; legId: string | null }[]];
  /** Media flow, or flow again. */
  connected: [];
  /** Media stopped flowing; the leg goes on, and `restart()` may bring them back. */
  interrupted: [];
  holding: [holding: Holding];
  /** A digit of RFC 4733 ended. */
  dtmf: [digit: string, durationMs: number];
  quality: [quality: LegQuality];
  /** The leg cannot go on; its owner closes it. */
  failed: [why: LegFailure];
  closed: [];
}

/**
 * One party's side of a room's media, reached by SDP: a browser (WebRTC) or a telephone (plain RTP).
 *
 * SDP is exchanged one offer at a time, as RFC 3264 has it:
 *
 *              offer()                answer()
 *     stable ──────────▶ offering ──────────────▶ stable
 *        │ accept()          │ withdraw()
 *        └──▶ stable         └──▶ stable
 *
 * Whoever owns the signalling owns the leg: it brings offers and answers, and closes it. A room only says
 * what the leg shall receive. All methods reject with a `LegError` when the leg is closed, except `close`.
 */
export interface Leg extends Pick<EventEmitter<LegEvents>, 'on' | 'once' | 'off'> {
  readonly id: string;
  readonly kind: 'webrtc' | 'rtp';
  readonly closed: boolean;
  readonly holding: Holding;
  /** Where its media live: what it hears has to live there, too. */
  readonly placement: Placement;
  /** What the peer gives just now; at most one of a kind. */
  readonly sources: readonly Source[];
  /** The audio codecs that its peer is known to speak, best first; all that are possible until the first answer. */
  readonly audioCodecs: readonly AudioCodec[];

  /**
   * Makes an offer of everything the peer shall get.
   * @throws LegError `offering` while an earlier one is not answered, `adrift` while its worker is dead
   */
  offer(): Promise<string>;
  /**
   * Takes the peer's answer to `offer()`.
   * @throws SdpRefusal what is wrong with it; the offer stands, and may be answered anew or withdrawn
   */
  answer(sdp: string): Promise<void>;
  /**
   * The offer was refused, or its answer never came: things are as they were before it. What is needed still is asked
   * for (`offerNeeded`), unless another offer is made in the same breath; what a telephone refused, once it is wanted
   * anew.
   */
  withdraw(): void;
  /**
   * Takes an offer of the peer's. A browser's session begins with ours, a telephone's with either (also one by
   * DTLS-SRTP).
   * @returns the answer
   * @throws SdpRefusal what is wrong with it; things are as they were
   * @throws LegError `offering` while our own offer is not answered (RFC 3261 14.2: 491)
   */
  accept(offer: string): Promise<string>;

  /**
   * Says what the peer shall get, all of it: sources that are missing here are taken from it. What fits in what
   * was agreed on flows at once; for the rest `offerNeeded` is told. Sources of a codec the peer was not offered
   * yet wait for that offer.
   */
  receive(sources: readonly Source[]): Promise<void>;
  /** Says which codec the room speaks from now on; `offerNeeded` follows where that changes something. */
  speak(codec: AudioCodec): void;

  /**
   * Nothing of the peer's reaches the room, and nothing of the room's the peer but what is played to it, from now on.
   * So that the peer need not send, `offerNeeded` follows, after `resume` too.
   */
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** The peer's sound, or picture, reaches nobody while muted. */
  mute(kind: MediaKind, muted: boolean): Promise<void>;
  /**
   * Says how large the peer shows somebody's picture: of several sizes (simulcast) it is sent none above. What its
   * bandwidth allows is seen to in any case. Of no effect on a telephone.
   * @param size from 0 on, the smallest; null is no bound, as before it was said
   */
  preferSize(legId: string, size: number | null): Promise<void>;
  /** New paths for the same media (ICE restart): `offerNeeded` follows. Of no effect on a telephone. */
  restart(): Promise<void>;
  /**
   * Carries the leg over to another placement, because the worker died or its room lives elsewhere; `offerNeeded`
   * follows for a browser.
   */
  move(placement: Placement): Promise<void>;

  /** Measures now; the same is told by `quality` every few seconds. */
  stats(): Promise<LegQuality>;
  /** Frees everything it holds; closing twice is harmless. */
  close(): void;
}

/** A leg was asked for something that it cannot do now. */
export class LegError extends Error {
  /** `adrift`: its worker died, and it is about to be moved, or has failed soon. */
  readonly reason: 'closed' | 'offering' | 'not-offering' | 'adrift';

  constructor(reason: LegError['reason'], message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LegError';
    this.reason = reason;
  }
}
