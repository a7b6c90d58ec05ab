/** What an app sees of a call. */
import type { Devices } from './devices.ts';
import type { Participant } from './participants.ts';
import type { Quality } from './quality.ts';
import type { Observable, Unsubscribe } from './store.ts';

/** `reconnecting`: media stopped, and a new offer was asked for or is on its way. Times are of this device's clock. */
export type CallConnection =
  | { kind: 'idle' }
  /** Asked for an offer; none has come. */
  | { kind: 'joining'; since: number }
  | { kind: 'connecting'; since: number }
  | { kind: 'connected'; since: number }
  | { kind: 'reconnecting'; since: number }
  | { kind: 'left' }
  /** This engine cannot; nothing was asked for. */
  | { kind: 'impossible' };

export interface CallState {
  connection: CallConnection;
  /** All but oneself, in the order of the offer; nobody before one was connected. */
  participants: Participant[];
  /** `unavailable`: it is to be on and is not; `devices.state.microphone.problem` tells why. */
  microphone: 'on' | 'muted' | 'unavailable';
  camera: 'on' | 'off' | 'unavailable';
  /** The service holds this side: nobody is sent or shown anything, and the camera is turned off until it goes on. */
  held: boolean;
  speakingWhileMuted: boolean;
  /** Null until two readings were taken. */
  quality: Quality | null;
}

/**
 * Why a page needs an offer: it has none; its connection broke and ICE is to be restarted (RFC 8445 section
 * 9); or it has a device now that it had not when it answered.
 */
export type OfferReason = 'join' | 'restart' | 'device';

/** The way to the server: a message of the connector, or SIP. The server always offers; the page asks and answers. */
export interface Signalling {
  /**
   * Asks for an offer, which comes by `receiveOffer`. Said again after a while when none comes and no
   * connection follows, whether or not this resolves.
   */
  requestOffer(reason: OfferReason): void | Promise<unknown>;
}

/** Who is behind a section, when the offer does not say: the server may swap them without a new offer. */
export interface LayoutEntry {
  mid: string;
  /** Null: nobody just now. */
  participant: string | null;
}

export interface Levels {
  /** 0 to 1; null where it cannot be told. Told while muted, too. */
  own: number | null;
  participants: Record<string, number | null>;
}

export interface CallOptions {
  signalling: Signalling;
  /** Of this page; they may be used before and after the call. */
  devices: Devices;
  /** STUN and TURN; the server is reached without in most networks. */
  iceServers?: RTCIceServer[];
  /** `relay`: through TURN alone. */
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** What may be sent in this call at all, where there are devices for it; both by default. */
  sending?: { audio: boolean; video: boolean };
}

export interface Call extends Observable<CallState> {
  /** Asks for the first offer. Twice is harmless. */
  join(): void;
  /**
   * Takes an offer of the server's, the first or a later one.
   * @returns the answer, to be sent back
   * @throws OfferDropped where a later offer took its place, or the call was left: then nothing is sent back
   * @throws Error where the browser cannot take it: then the server is told so
   */
  receiveOffer(sdp: string): Promise<string>;
  receiveLayout(layout: LayoutEntry[]): void;
  /** Unmutes, opening the device first where that is needed, or mutes at once. Resolves with whether it is on. */
  setMicrophone(on: boolean): Promise<boolean>;
  /** Turns the camera on, or off and its light with it. Resolves with whether it is on. */
  setCamera(on: boolean): Promise<boolean>;
  /**
   * Tells levels as long as somebody wants them.
   * @param everyMs at most 20 times a second
   */
  watchLevels(listener: (levels: Levels) => void, everyMs?: number): Unsubscribe;
  /** Ends it here and turns microphone and camera off; telling the server is the app's. Twice is harmless. */
  leave(): void;
}
