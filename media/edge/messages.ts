/** What the service and the edge's thread tell each other. Both ends are ours: nothing here was a stranger's. */
import type { AudioCodec } from '../leg.ts';
import type { EncodedSound } from '../sounds/encodedSound.ts';
import type { EdgeCodec } from './codec.ts';
import type { Latching, Remote } from './gate.ts';
import type { SrtpKey } from './srtp.ts';

/** What was agreed on with a telephone. */
export interface Negotiated {
  remote: Remote;
  /** Off where it is null, as it is unless a trunk needs it. */
  latching: Latching | null;
  codec: EdgeCodec;
  payloadType: number;
  /** The other law of G.711, where the peer may send it as well; it is never sent that itself. */
  alsoTakes?: { codec: EdgeCodec; payloadType: number } | null;
  /** Milliseconds of sound in a packet that is made for it; whole tens, 10 to 60. */
  ptime: number;
  /** The payload types of telephone-event at 8,000 ticks a second; null where the peer does not speak it. */
  telephoneEvent: { send: number; receive: number } | null;
  /** What its packets are opened with, and what ours are sealed with; null for plain RTP. */
  srtp: { receive: SrtpKey; send: SrtpKey } | null;
  /** Whether the peer may be sent anything, and may send. */
  sends: boolean;
  receives: boolean;
}

/** A stream on the room's side. */
export interface RoomStream {
  ssrc: number;
  payloadType: number;
  codec: EdgeCodec;
  /** The payload type of telephone-event in it; null where it has none. Of what is produced here it never has. */
  telephoneEvent: number | null;
  /** By the room, and given by nobody: a telephone hears it though it is held. */
  played?: boolean;
}

/** What a source of sound sends to the room. */
export interface SourceStream {
  ssrc: number;
  payloadType: number;
  codec: AudioCodec;
}

/** What passes to the room and from it. With two or more sources the telephone hears their mix. */
export interface RoomSide {
  produces: RoomStream | null;
  sources: readonly RoomStream[];
}

export interface EdgeSettings {
  /** The local address telephones are spoken to on. */
  address: string;
  /** The range RTP's ports are taken from; each leg takes an even one and RTCP's above it. */
  ports: { from: number; to: number };
  /** Where the media workers are, and the edge's side towards them. */
  innerAddress: string;
  /** Legs and sources at most. */
  mostLegs: number;
  /** Packets a second that a peer may send; 20 ms packets are 50. */
  packetsPerSecond: number;
  /** Milliseconds between reports of RTCP. */
  reportEvery: number;
}

/** Each is answered; `leg` is a leg's or a source's number. */
export type Command =
  | { do: 'open'; leg: number; cname: string }
  | { do: 'openSource'; leg: number }
  | { do: 'stream'; leg: number; stream: SourceStream }
  | { do: 'connect'; leg: number; port: number }
  | { do: 'negotiate'; leg: number; negotiated: Negotiated | null }
  | { do: 'room'; leg: number; side: RoomSide }
  | { do: 'hold'; leg: number; held: boolean }
  | { do: 'press'; leg: number; digits: string; durationMs: number }
  | { do: 'play'; leg: number; id: number; names: readonly string[]; loop: boolean }
  | { do: 'stop'; leg: number }
  | { do: 'measure'; leg: number }
  | { do: 'count' }
  | { do: 'close'; leg: number }
  | { do: 'load'; name: string; sound: EncodedSound };

/** What the answer to a command holds; nothing unless it stands here. */
export interface Answers {
  open: LegPorts;
  /** The edge's own port towards the media worker. */
  connect: number;
  press: boolean;
  play: boolean;
  measure: LegFigures;
  /** Of all legs since the thread began, those that are closed included. */
  count: Counts;
}

export type AnswerTo<Do extends Command['do']> = Do extends keyof Answers ? Answers[Do] : undefined;

/** What a telephone sends to. */
export interface LegPorts {
  port: number;
  rtcpPort: number;
}

/** What a leg tells by itself. */
export type LegNews =
  | { news: 'digit'; digit: string; durationMs: number }
  | { news: 'latched'; address: string; port: number }
  /** A playlist is over: it came to its end, or something else took its place. */
  | { news: 'played'; id: number; finished: boolean }
  | { news: 'goodbye' };

export type ToThread = Command & { call: number };

export type FromThread =
  { call: number; answer: unknown } | { call: number; error: string } | ({ leg: number } & LegNews);

/** What became of datagrams since the leg was opened, or since the thread began. */
export interface Counts {
  /** RTP of the peer's that went on to the room, as sound or as digits. */
  forwarded: number;
  /** Sent to the peer. */
  sent: number;
  /** From an address or port that is not the peer's. */
  strangers: number;
  /** No RTP or RTCP at all. */
  malformed: number;
  /** SRTP that was forged, repeated, or not sealed. */
  forged: number;
  /** RTP of a payload type that was not agreed on, or of numbers out of all order. */
  unexpected: number;
  /** Above the packets a second that a peer may send. */
  excess: number;
  /** In a direction that is closed: a leg on hold, or before anything was agreed on. */
  withheld: number;
  /** From the room, and of no source that was told. */
  unknown: number;
  /** Not sent because too much waited in the kernel. */
  congested: number;
}

/** What a leg was found to carry since it was last measured. */
export interface LegFigures {
  received: {
    packets: number;
    octets: number;
    expected: number;
    lost: number;
    jitterMs: number;
    /** Of a sample of packets, in dB below the loudest there is (dBov); null where none came, or of G.722. */
    levelDb: number | null;
  };
  sent: {
    packets: number;
    octets: number;
    /** What the peer's last report says of it, 0 to 1; null where it sent none. */
    reportedLoss: number | null;
    reportedJitterMs: number | null;
  };
  roundTripMs: number | null;
  intervalMs: number;
  /** Since the peer's last packet of RTP; null where none ever came. */
  quietMs: number | null;
  /** Since the leg was opened. */
  counts: Counts;
}
