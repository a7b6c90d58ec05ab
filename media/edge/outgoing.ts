/**
 * What one telephone is sent: a single stream, made at each moment of digits, a playlist, the mix of several in the
 * room, or the packets of the one who is there, in this order.
 */
import { FRAME_OCTETS, type EdgeCodec } from './codec.ts';
import { toOtherLaw } from './g711.ts';
import type { Counts, Negotiated, RoomStream } from './messages.ts';
import { Mix } from './mix.ts';
import { nextPacket } from './packetPool.ts';
import type { PeerPath } from './peerPath.ts';
import type { Playlist } from './playlist.ts';
import { Restamper } from './restamp.ts';
import { blankRtpHeader, isRtcp, readRtp, RTP_HEADER, writeRtp, type RtpHeader } from './rtp.ts';
import type { SrtpContext } from './srtp.ts';
import { TelephoneEventReceiver, TelephoneEventSender } from './telephoneEvent.ts';

/** Also ticks of RTP's clock: all three codecs have that in common. */
const OCTETS_PER_MS = 8;
/** Packets between two looks at what waits in the kernel. */
const ASK_EVERY = 32;

interface OutgoingParts {
  path: PeerPath;
  ssrc: number;
  counts: Counts;
  /** A playlist is over. */
  played: (id: number, finished: boolean) => void;
}

export class Outgoing {
  readonly #parts: OutgoingParts;
  readonly #stamps: Restamper;
  readonly #header = blankRtpHeader();
  readonly #digits = new TelephoneEventSender();
  readonly #sources = new Map<number, RoomStream>();
  /** Hear the digits of those who are in the room. */
  readonly #digitsOfRoom = new Map<number, TelephoneEventReceiver>();
  #agreed: Negotiated | null = null;
  #sealer: SrtpContext | null = null;
  #held = false;
  #mix: Mix | null = null;
  #playlist: Playlist | null = null;
  #eventBegan = 0;
  /** Sound that is made 20 ms at a time, until it is as long as the peer wants its packets. */
  readonly #made = Buffer.alloc(4 * FRAME_OCTETS);
  #madeOctets = 0;
  #octets = 0;

  constructor(parts: OutgoingParts) {
    this.#parts = parts;
    this.#stamps = new Restamper(parts.ssrc);
  }

  /** Something is to be made every 20 ms. */
  get makes(): boolean {
    return this.#mix !== null || this.#playlist !== null || this.#digits.busy;
  }

  /** As a sender report has it. */
  get sent(): { packets: number; octets: number; timestamp: number } {
    const timestamp = this.#stamps.timestampAt(performance.now());
    return { packets: this.#parts.counts.sent, octets: this.#octets, timestamp };
  }

  negotiated(agreed: Negotiated | null, sealer: SrtpContext | null): void {
    if (agreed?.codec !== this.#agreed?.codec) this.#madeOctets = 0;
    this.#agreed = agreed;
    this.#sealer = sealer;
    this.#arrange();
  }

  /** Says who is in the room, all of them. */
  hears(sources: readonly RoomStream[]): void {
    this.#sources.clear();
    for (const source of sources) this.#sources.set(source.ssrc, source);
    for (const ssrc of this.#digitsOfRoom.keys()) if (!this.#sources.has(ssrc)) this.#digitsOfRoom.delete(ssrc);
    this.#arrange();
  }

  hold(held: boolean): void {
    this.#held = held;
    this.#arrange();
  }

  press(digits: string, durationMs: number): boolean {
    const speaks = (this.#agreed?.telephoneEvent ?? null) !== null;
    return speaks && this.#digits.press(digits, durationMs);
  }

  play(playlist: Playlist | null): void {
    this.#endPlaying(false);
    this.#playlist = playlist;
  }

  /** Takes a packet of the room's. */
  fromRoom(packet: Buffer): void {
    // Reports of both sides end at the edge; the room's are of no use to the telephone.
    if (isRtcp(packet)) return;
    const { counts } = this.#parts;
    const header = this.#header;
    if (!readRtp(packet, header)) {
      counts.malformed += 1;
      return;
    }
    const source = this.#sources.get(header.ssrc);
    const isEvent = source !== undefined && header.payloadType === source.telephoneEvent;
    if (source === undefined || (!isEvent && header.payloadType !== source.payloadType)) {
      counts.unknown += 1;
      return;
    }
    const agreed = this.#agreed;
    if (agreed === null || !agreed.sends || !this.#passes(source) || this.#playlist !== null) counts.withheld += 1;
    else if (isEvent) this.#pressAlong(packet, header);
    else this.#pass(packet, header, source.codec, agreed);
  }

  /** Makes the next 20 ms. */
  make(now: number): void {
    const agreed = this.#agreed;
    if (agreed === null || !agreed.sends) return;
    if (this.#digits.busy) {
      this.#makeEvent(agreed, now);
      return;
    }
    if (this.#playlist !== null) {
      const frame = this.#playlist.next(agreed.codec);
      if (frame === null) {
        if (this.#madeOctets > 0) this.#pack(agreed, now, this.#madeOctets);
        this.#endPlaying(true);
        return;
      }
      this.#made.set(frame, this.#madeOctets);
    } else if (this.#mix !== null) this.#mix.frame(this.#made, this.#madeOctets, agreed.codec);
    else return;
    this.#madeOctets += FRAME_OCTETS;
    this.#pack(agreed, now, agreed.ptime * OCTETS_PER_MS);
  }

  /** Sends what was made in packets of so many octets; what is left waits for the next beat. */
  #pack({ payloadType }: Negotiated, now: number, octets: number): void {
    const header = this.#header;
    let at = 0;
    for (; this.#madeOctets - at >= octets; at += octets) {
      const packet = nextPacket(octets);
      this.#made.copy(packet, RTP_HEADER, at, at + octets);
      this.#stamps.make(header, now, octets);
      header.payloadType = payloadType;
      writeRtp(packet, 0, header);
      this.#send(packet, octets);
    }
    this.#made.copyWithin(0, at, this.#madeOctets);
    this.#madeOctets -= at;
  }

  #pass(packet: Buffer, header: RtpHeader, codec: EdgeCodec, agreed: Negotiated): void {
    const { ssrc, timestamp, start, end } = header;
    if (this.#mix !== null) this.#mix.take(ssrc, timestamp, packet, start, end, codec);
    else if (this.#digits.busy || !translate(packet, start, end, codec, agreed.codec)) this.#parts.counts.withheld += 1;
    else if (this.#stamps.forward(header, performance.now())) {
      header.payloadType = agreed.payloadType;
      this.#send(withHeader(packet, header), end - start);
    }
  }

  /** Digits of somebody in the room are pressed here as well, wherever they come to lie in what is sent. */
  #pressAlong(packet: Buffer, { ssrc, start, end, timestamp }: RtpHeader): void {
    let receiver = this.#digitsOfRoom.get(ssrc);
    if (receiver === undefined) {
      receiver = new TelephoneEventReceiver();
      this.#digitsOfRoom.set(ssrc, receiver);
    }
    const pressed = receiver.take(packet, start, end, timestamp, performance.now());
    if (pressed !== null) this.press(pressed.digit, pressed.durationMs);
  }

  #makeEvent({ telephoneEvent }: Negotiated, now: number): void {
    const event = this.#digits.step();
    if (event === null || telephoneEvent === null) return;
    const header = this.#header;
    header.marker = event.marker;
    this.#madeOctets = 0;
    if (event.marker) this.#eventBegan = this.#stamps.timestampAt(now);
    this.#stamps.event(header, this.#eventBegan, now);
    header.payloadType = telephoneEvent.send;
    const packet = nextPacket(event.payload.length);
    writeRtp(packet, 0, header);
    packet.set(event.payload, RTP_HEADER);
    this.#send(packet, event.payload.length);
  }

  #send(packet: Buffer, octets: number): void {
    const { path, counts } = this.#parts;
    if (!path.isOpen) return;
    // Asked now and then; once it is so, no packet is counted as sent and every one asks again.
    if (counts.sent % ASK_EVERY === 0 && path.congested) {
      counts.congested += 1;
      return;
    }
    counts.sent += 1;
    this.#octets += octets;
    if (this.#sealer === null) {
      path.send(packet);
      return;
    }
    const tag = this.#sealer.protectRtp(packet);
    if (tag !== null) path.send([packet, tag]);
  }

  #endPlaying(finished: boolean): void {
    const playlist = this.#playlist;
    this.#playlist = null;
    this.#madeOctets = 0;
    if (playlist !== null) this.#parts.played(playlist.id, finished);
  }

  /** Sees to it that there is a mix exactly while it is needed. */
  #arrange(): void {
    const agreed = this.#agreed;
    if (this.#playlist === null) this.#madeOctets = 0;
    const speakers = [...this.#sources.values()].filter((source) => this.#passes(source));
    if (agreed === null || speakers.length < 2) {
      this.#mix = null;
      return;
    }
    const wide = agreed.codec === 'G722';
    if (this.#mix?.wide !== wide) this.#mix = new Mix(wide);
    this.#mix.setSpeakers(speakers.map(({ ssrc }) => ssrc));
  }

  /** While the leg is held, only what the room plays. */
  #passes({ played = false }: RoomStream): boolean {
    return played || !this.#held;
  }
}

/** Changes a payload from one codec to another. @returns false where that is not done here */
export function translate(packet: Buffer, start: number, end: number, from: EdgeCodec, to: EdgeCodec): boolean {
  if (from === to) return true;
  if (from === 'G722' || to === 'G722') return false;
  toOtherLaw(packet, start, end, from);
  return true;
}

/** The packet with a bare header in front of its payload, in the same memory. */
export function withHeader(packet: Buffer, header: RtpHeader): Buffer {
  const at = header.start - RTP_HEADER;
  writeRtp(packet, at, header);
  return at === 0 && header.end === packet.length ? packet : packet.subarray(at, header.end);
}
