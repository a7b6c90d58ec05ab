/**
 * One telephone, inside the edge's thread:
 *
 *     telephone ──▶ gate ──▶ SRTP ──▶ RTP ──▶ restamped ──▶ PlainTransport
 *     telephone ◀── SRTP ◀── one of: digits, a playlist, the mix, the one source ◀── PlainTransport
 *
 * A packet that is passed on is changed where it lies and sent as it is: nothing is copied.
 */
import { isDeepStrictEqual } from 'node:util';
import { FRAME_OCTETS, type EdgeCodec } from './codec.ts';
import { Gate } from './gate.ts';
import { toOtherLaw } from './g711.ts';
import { LevelMeter } from './levelMeter.ts';
import type { Counts, LegFigures, LegNews, Negotiated, RoomSide, RoomStream } from './messages.ts';
import { Mix } from './mix.ts';
import type { Pacer } from './pacer.ts';
import { nextPacket } from './packetPool.ts';
import type { Playlist } from './playlist.ts';
import { RateLimit } from './rateLimit.ts';
import { BEGINNING, Reception, type Mark } from './reception.ts';
import { Reports } from './reports.ts';
import { Restamper } from './restamp.ts';
import { blankRtpHeader, isRtcp, readRtp, RTP_HEADER, writeRtp, type RtpHeader } from './rtp.ts';
import { SrtpContext } from './srtp.ts';
import { TelephoneEventReceiver, TelephoneEventSender } from './telephoneEvent.ts';
import { connectUdp, isCongested, type RemoteInfo, type Socket } from './udp.ts';

const CLOCK_RATE = 8_000;

export interface LegParts {
  rtp: Socket;
  rtcp: Socket;
  /** Towards the PlainTransport. */
  inner: Socket;
  innerAddress: string;
  pacer: Pacer;
  cname: string;
  /** Of the stream that the peer is sent. */
  ssrc: number;
  packetsPerSecond: number;
  tell: (news: LegNews) => void;
}

/** Where an interval of figures began. */
interface Measured {
  at: number;
  reception: Reception | null;
  mark: Mark;
  sent: number;
  octets: number;
}

export class TelephoneLeg {
  readonly #parts: LegParts;
  readonly #gate = new Gate();
  readonly #rate: RateLimit;
  readonly #header = blankRtpHeader();
  readonly #digitsIn = new TelephoneEventReceiver(CLOCK_RATE);
  readonly #digitsOut = new TelephoneEventSender();
  readonly #meter = new LevelMeter();
  readonly #outward: Restamper;
  readonly #reports: Reports;
  readonly #counts: Counts = {
    ...{ forwarded: 0, sent: 0, strangers: 0, malformed: 0, forged: 0, unexpected: 0 },
    ...{ excess: 0, withheld: 0, unknown: 0, congested: 0 },
  };
  #agreed: Negotiated | null = null;
  #opener: SrtpContext | null = null;
  #sealer: SrtpContext | null = null;
  #produces: RoomStream | null = null;
  #inward: Restamper | null = null;
  #reception: Reception | null = null;
  readonly #sources = new Map<number, RoomStream>();
  readonly #digitsOfRoom = new Map<number, TelephoneEventReceiver>();
  #mix: Mix | null = null;
  #playlist: Playlist | null = null;
  #eventBegan = 0;
  #heardAt: number | null = null;
  #held = false;
  #connected = false;
  #closed = false;
  #sentOctets = 0;
  #measured: Measured = { at: performance.now(), reception: null, mark: BEGINNING, sent: 0, octets: 0 };

  constructor(parts: LegParts) {
    this.#parts = parts;
    this.#rate = new RateLimit(parts.packetsPerSecond);
    this.#outward = new Restamper(parts.ssrc);
    this.#reports = new Reports(parts.ssrc, parts.cname);
    parts.rtp.on('message', (packet: Buffer, from: RemoteInfo) => this.#fromPeer(packet, from));
    parts.rtcp.on('message', (packet: Buffer, from: RemoteInfo) => this.#rtcpFromPeer(packet, from));
    parts.inner.on('message', (packet: Buffer) => this.#fromRoom(packet));
  }

  /**
   * Ties the leg to its PlainTransport; again after the transport was made anew.
   * @returns the port that the transport is to hear, which is another each time
   */
  async connect(port: number): Promise<number> {
    const { inner, innerAddress } = this.#parts;
    if (this.#connected) inner.disconnect();
    this.#connected = false;
    await connectUdp(inner, innerAddress, port);
    this.#connected = !this.#closed;
    return inner.address().port;
  }

  /** Takes what was agreed on with the peer; null closes the leg to it. What is said again changes nothing. */
  negotiate(agreed: Negotiated | null): void {
    const before = this.#agreed;
    this.#agreed = agreed;
    const [remote, latching, srtp] = [agreed?.remote ?? null, agreed?.latching ?? null, agreed?.srtp ?? null];
    if (!isDeepStrictEqual([before?.remote ?? null, before?.latching ?? null], [remote, latching]))
      this.#gate.negotiated(remote, latching);
    if (!isDeepStrictEqual(before?.srtp?.receive, srtp?.receive))
      this.#opener = srtp === null ? null : new SrtpContext(srtp.receive);
    if (!isDeepStrictEqual(before?.srtp?.send, srtp?.send))
      this.#sealer = srtp === null ? null : new SrtpContext(srtp.send);
    this.#arrange();
  }

  /** Takes what passes to the room and from it. */
  joinRoom({ produces, sources }: RoomSide): void {
    if (produces?.ssrc !== this.#produces?.ssrc) this.#inward = produces === null ? null : new Restamper(produces.ssrc);
    this.#produces = produces;
    this.#sources.clear();
    this.#digitsOfRoom.clear();
    for (const source of sources) this.#sources.set(source.ssrc, source);
    this.#arrange();
  }

  /** Nothing passes while the leg is held, but what is played to the peer. */
  hold(held: boolean): void {
    this.#held = held;
    this.#arrange();
  }

  /** Sends digits. @returns false where they are none, too many wait, or the peer does not speak telephone-event */
  press(digits: string, durationMs: number): boolean {
    const speaks = this.#agreed?.telephoneEvent != null;
    const pressed = speaks && this.#digitsOut.press(digits, durationMs);
    this.#pace();
    return pressed;
  }

  /** Plays to the peer, in place of what it hears of the room; null stops it. */
  play(playlist: Playlist | null): void {
    this.#endPlaying(false);
    this.#playlist = playlist;
    this.#pace();
  }

  /** What came and went since it was last asked. */
  measure(): LegFigures {
    const now = performance.now();
    const last = this.#measured;
    const reception = this.#reception;
    const came = reception?.since(reception === last.reception ? last.mark : BEGINNING);
    const { loss, jitterMs, roundTripMs } = this.#reports.peer;
    const counts = { ...this.#counts };
    const octets = this.#sentOctets;
    this.#measured = { at: now, reception, mark: reception?.mark() ?? BEGINNING, sent: counts.sent, octets };
    return {
      received: {
        packets: came?.received ?? 0,
        octets: came?.octets ?? 0,
        expected: came?.expected ?? 0,
        lost: came?.lost ?? 0,
        jitterMs: reception?.jitterMs ?? 0,
        levelDb: this.#meter.read(),
      },
      sent: {
        packets: counts.sent - last.sent,
        octets: octets - last.octets,
        reportedLoss: loss,
        reportedJitterMs: jitterMs,
      },
      roundTripMs,
      intervalMs: now - last.at,
      quietMs: this.#heardAt === null ? null : now - this.#heardAt,
      counts,
    };
  }

  /** Sends the peer a report of RTCP. */
  report(): void {
    const timestamp = this.#outward.timestampAt(performance.now());
    const sent = { packets: this.#counts.sent, octets: this.#sentOctets, timestamp };
    if (this.#agreed !== null) this.#sendRtcp(this.#reports.write(sent, this.#reception));
  }

  close(): void {
    if (this.#closed) return;
    if (this.#counts.sent > 0) this.#sendRtcp(this.#reports.goodbye());
    this.#closed = true;
    this.#parts.pacer.remove(this.#beat);
    for (const socket of [this.#parts.rtp, this.#parts.rtcp, this.#parts.inner]) socket.close();
  }

  #fromPeer(datagram: Buffer, { address, port }: RemoteInfo): void {
    const counts = this.#counts;
    const agreed = this.#agreed;
    const known = this.#gate.admits(address, port);
    if (agreed === null || (!known && !this.#gate.wouldLatch(address))) {
      counts.strangers += 1;
      return;
    }
    const now = performance.now();
    if (!this.#rate.take(now)) {
      counts.excess += 1;
      return;
    }
    if (known && agreed.remote.rtcp === null && isRtcp(datagram)) {
      this.#takeRtcp(datagram);
      return;
    }
    const packet = this.#opener === null ? datagram : this.#opener.openRtp(datagram);
    if (packet === null) {
      counts.forged += 1;
      return;
    }
    const header = this.#header;
    if (!readRtp(packet, header)) {
      counts.malformed += 1;
      return;
    }
    const isEvent = header.payloadType === agreed.telephoneEvent?.receive;
    if (!isEvent && header.payloadType !== agreed.payloadType) {
      counts.unexpected += 1;
      return;
    }
    if (!known) {
      this.#gate.latch(address, port);
      this.#parts.tell({ news: 'latched', address, port });
    }
    if (!this.#count(header, now)) {
      counts.unexpected += 1;
      return;
    }
    if (this.#held || !agreed.receives) counts.withheld += 1;
    else if (isEvent) this.#takeEvent(packet, header, now);
    else this.#toRoom(packet, header, agreed.codec, now);
  }

  /** Counts a packet of the peer's as received. @returns false where its number is out of all order */
  #count({ ssrc, sequence, timestamp, start, end }: RtpHeader, now: number): boolean {
    let reception = this.#reception;
    if (reception?.ssrc !== ssrc) {
      reception = new Reception(ssrc, sequence, CLOCK_RATE);
      this.#reception = reception;
    }
    this.#heardAt = now;
    return reception.count(sequence, timestamp, end - start, now);
  }

  #takeEvent(packet: Buffer, { start, end, timestamp }: RtpHeader, now: number): void {
    this.#counts.forwarded += 1;
    const wasOpen = this.#digitsIn.open;
    const pressed = this.#digitsIn.take(packet, start, end, timestamp, now);
    if (pressed !== null) this.#parts.tell({ news: 'digit', ...pressed });
    // While a digit is not over, the beat looks whether its end was lost.
    if (wasOpen !== this.#digitsIn.open) this.#pace();
  }

  #toRoom(packet: Buffer, header: RtpHeader, codec: EdgeCodec, now: number): void {
    const { start, end } = header;
    if (codec !== 'G722') this.#meter.take(packet, start, end, codec);
    const produces = this.#produces;
    if (
      produces === null ||
      this.#inward === null ||
      !this.#connected ||
      !translate(packet, start, end, codec, produces.codec)
    ) {
      this.#counts.withheld += 1;
      return;
    }
    if (!this.#inward.forward(header, now)) return;
    header.payloadType = produces.payloadType;
    this.#counts.forwarded += 1;
    this.#parts.inner.send(withHeader(packet, header));
  }

  #fromRoom(packet: Buffer): void {
    // Reports of both sides end here; the room's are of no use to the telephone.
    if (isRtcp(packet)) return;
    const header = this.#header;
    if (!readRtp(packet, header)) {
      this.#counts.malformed += 1;
      return;
    }
    const source = this.#sources.get(header.ssrc);
    const isEvent = source !== undefined && header.payloadType === source.telephoneEvent;
    if (source === undefined || (!isEvent && header.payloadType !== source.payloadType)) {
      this.#counts.unknown += 1;
      return;
    }
    const agreed = this.#agreed;
    if (agreed === null || !agreed.sends || this.#held || this.#playlist !== null) {
      this.#counts.withheld += 1;
      return;
    }
    if (isEvent) this.#pressAlong(packet, header);
    else this.#toPeer(packet, header, source.codec, agreed);
  }

  /** Digits of somebody in the room are pressed here as well, wherever they come to lie in what is sent. */
  #pressAlong(packet: Buffer, { ssrc, start, end, timestamp }: RtpHeader): void {
    let receiver = this.#digitsOfRoom.get(ssrc);
    if (receiver === undefined) {
      receiver = new TelephoneEventReceiver(CLOCK_RATE);
      this.#digitsOfRoom.set(ssrc, receiver);
    }
    const pressed = receiver.take(packet, start, end, timestamp, performance.now());
    if (pressed !== null) this.press(pressed.digit, pressed.durationMs);
  }

  #toPeer(packet: Buffer, header: RtpHeader, codec: EdgeCodec, agreed: Negotiated): void {
    const { ssrc, timestamp, start, end } = header;
    if (this.#mix !== null) this.#mix.take(ssrc, timestamp, packet, start, end, codec);
    else if (this.#digitsOut.busy || !translate(packet, start, end, codec, agreed.codec)) this.#counts.withheld += 1;
    else if (this.#outward.forward(header, performance.now())) {
      header.payloadType = agreed.payloadType;
      this.#send(withHeader(packet, header), end - start);
    }
  }

  /** Every 20 ms while something is made here. */
  readonly #beat = (): void => {
    const now = performance.now();
    const lost = this.#digitsIn.expire(now);
    if (lost !== null) this.#parts.tell({ news: 'digit', ...lost });
    const agreed = this.#agreed;
    if (agreed !== null && agreed.sends) this.#make(agreed, now);
    this.#pace();
  };

  #make(agreed: Negotiated, now: number): void {
    if (this.#digitsOut.busy) {
      this.#makeEvent(agreed, now);
      return;
    }
    const packet = nextPacket();
    if (this.#playlist !== null) {
      const frame = this.#playlist.next(agreed.codec);
      if (frame === null) {
        this.#endPlaying(true);
        return;
      }
      frame.octets.copy(packet, RTP_HEADER, frame.at, frame.at + FRAME_OCTETS);
    } else if (this.#mix !== null && !this.#held) this.#mix.frame(packet, RTP_HEADER, agreed.codec);
    else return;
    const header = this.#header;
    this.#outward.make(header, now);
    header.payloadType = agreed.payloadType;
    writeRtp(packet, 0, header);
    this.#send(packet, FRAME_OCTETS);
  }

  #makeEvent({ telephoneEvent }: Negotiated, now: number): void {
    const event = this.#digitsOut.step();
    if (event === null || telephoneEvent === null) return;
    const header = this.#header;
    header.marker = event.marker;
    if (event.marker) this.#eventBegan = this.#outward.timestampAt(now);
    this.#outward.event(header, this.#eventBegan, now);
    header.payloadType = telephoneEvent.send;
    const packet = nextPacket().subarray(0, RTP_HEADER + event.payload.length);
    writeRtp(packet, 0, header);
    packet.set(event.payload, RTP_HEADER);
    this.#send(packet, event.payload.length);
  }

  #send(packet: Buffer, octets: number): void {
    const remote = this.#gate.remote;
    if (remote === null) return;
    const socket = this.#parts.rtp;
    if (isCongested(socket)) {
      this.#counts.congested += 1;
      return;
    }
    const tag = this.#sealer?.protectRtp(packet);
    if (tag === null) return;
    this.#counts.sent += 1;
    this.#sentOctets += octets;
    socket.send(tag === undefined ? packet : [packet, tag], remote.port, remote.address);
  }

  #sendRtcp(report: Buffer): void {
    const remote = this.#gate.remote;
    const packet = this.#sealer === null ? report : this.#sealer.protectRtcp(report);
    if (remote === null || packet === null || this.#closed) return;
    if (remote.rtcp === null) this.#parts.rtp.send(packet, remote.port, remote.address);
    else this.#parts.rtcp.send(packet, remote.rtcp.port, remote.rtcp.address);
  }

  #rtcpFromPeer(datagram: Buffer, { address, port }: RemoteInfo): void {
    if (this.#gate.admitsRtcp(address, port) && this.#rate.take(performance.now())) this.#takeRtcp(datagram);
    else this.#counts.strangers += 1;
  }

  #takeRtcp(datagram: Buffer): void {
    const packet = this.#opener === null ? datagram : this.#opener.openRtcp(datagram);
    const read = packet === null ? null : this.#reports.read(packet);
    if (packet === null) this.#counts.forged += 1;
    else if (read === null) this.#counts.malformed += 1;
    else if (read.goodbye) this.#parts.tell({ news: 'goodbye' });
  }

  #endPlaying(finished: boolean): void {
    const playlist = this.#playlist;
    this.#playlist = null;
    if (playlist !== null) this.#parts.tell({ news: 'played', id: playlist.id, finished });
  }

  /** Sees to it that there is a mix exactly while it is needed. */
  #arrange(): void {
    const agreed = this.#agreed;
    if (agreed === null || this.#sources.size < 2) this.#mix = null;
    else {
      const wide = agreed.codec === 'G722';
      if (this.#mix?.wide !== wide) this.#mix = new Mix(wide);
      this.#mix.setSpeakers([...this.#sources.keys()]);
    }
    this.#pace();
  }

  /** Likewise a beat. */
  #pace(): void {
    const makes = this.#mix !== null || this.#playlist !== null || this.#digitsOut.busy || this.#digitsIn.open;
    if (makes && !this.#closed) this.#parts.pacer.add(this.#beat);
    else this.#parts.pacer.remove(this.#beat);
  }
}

/** Changes a payload from one codec to another. @returns false where that is not done here */
function translate(packet: Buffer, start: number, end: number, from: EdgeCodec, to: EdgeCodec): boolean {
  if (from === to) return true;
  if (from === 'G722' || to === 'G722') return false;
  toOtherLaw(packet, start, end, from);
  return true;
}

/** The packet with a bare header in front of its payload, in the same memory. */
function withHeader(packet: Buffer, header: RtpHeader): Buffer {
  const at = header.start - RTP_HEADER;
  writeRtp(packet, at, header);
  return at === 0 && header.end === packet.length ? packet : packet.subarray(at, header.end);
}
