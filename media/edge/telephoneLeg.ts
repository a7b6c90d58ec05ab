/**
 * One telephone, inside the edge's thread:
 *
 *     telephone ──▶ gate ──▶ SRTP ──▶ RTP ──▶ restamped ──▶ PlainTransport
 *     telephone ◀── SRTP ◀── one of: digits, a playlist, the mix, the one source ◀── PlainTransport
 *
 * A packet that is passed on is changed where it lies and sent as it is: nothing is copied.
 */
import { isDeepStrictEqual } from 'node:util';
import type { EdgeCodec } from './codec.ts';
import { noCounts } from './counts.ts';
import { Gate } from './gate.ts';
import { LevelMeter } from './levelMeter.ts';
import type { Counts, LegFigures, LegNews, Negotiated, RoomSide, RoomStream } from './messages.ts';
import { Outgoing, translate, withHeader } from './outgoing.ts';
import type { Pacer } from './pacer.ts';
import { PeerPath } from './peerPath.ts';
import type { Playlist } from './playlist.ts';
import { RateLimit } from './rateLimit.ts';
import { BEGINNING, Reception, type Mark } from './reception.ts';
import { Reports } from './reports.ts';
import { Restamper } from './restamp.ts';
import { blankRtpHeader, isRtcp, readRtp, type RtpHeader } from './rtp.ts';
import { SrtpContext } from './srtp.ts';
import { TelephoneEventReceiver } from './telephoneEvent.ts';
import { connectUdp, type RemoteInfo, type Socket } from './udp.ts';

const CLOCK_RATE = 8_000;
/** Who is silent for longer may have moved behind their address translation: others are let in again, and counted. */
const QUIET_MS = 2_000;

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
  readonly #meter = new LevelMeter();
  readonly #path: PeerPath;
  readonly #outgoing: Outgoing;
  readonly #reports: Reports;
  readonly #counts: Counts = noCounts();
  #agreed: Negotiated | null = null;
  #opener: SrtpContext | null = null;
  #sealer: SrtpContext | null = null;
  #produces: RoomStream | null = null;
  #inward: Restamper | null = null;
  #reception: Reception | null = null;
  #heardAt: number | null = null;
  #held = false;
  #connected = false;
  #closed = false;
  #measured: Measured = { at: performance.now(), reception: null, mark: BEGINNING, sent: 0, octets: 0 };

  constructor(parts: LegParts) {
    this.#parts = parts;
    this.#rate = new RateLimit(parts.packetsPerSecond);
    this.#path = new PeerPath(parts.rtp);
    this.#outgoing = new Outgoing({
      path: this.#path,
      ssrc: parts.ssrc,
      counts: this.#counts,
      played: (id, finished) => parts.tell({ news: 'played', id, finished }),
    });
    this.#reports = new Reports(parts.ssrc, parts.cname);
    parts.rtp.on('message', (packet: Buffer, from: RemoteInfo) => this.#fromPeer(packet, from));
    parts.rtcp.on('message', (packet: Buffer, from: RemoteInfo) => this.#rtcpFromPeer(packet, from));
    parts.inner.on('message', (packet: Buffer) => {
      this.#outgoing.fromRoom(packet);
      // A digit of somebody in the room may have come.
      if (this.#outgoing.makes) this.#pace();
    });
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
    this.#outgoing.negotiated(agreed, this.#sealer);
    this.#path.leadsTo(this.#gate.remote);
    this.#pace();
  }

  /** Takes what passes to the room and from it. */
  joinRoom({ produces, sources }: RoomSide): void {
    if (produces?.ssrc !== this.#produces?.ssrc) this.#inward = produces === null ? null : new Restamper(produces.ssrc);
    this.#produces = produces;
    this.#outgoing.hears(sources);
    this.#pace();
  }

  /** Nothing passes while the leg is held, but what is played: to the peer, or by the room. */
  hold(held: boolean): void {
    this.#held = held;
    this.#outgoing.hold(held);
    this.#pace();
  }

  /** Sends digits. @returns false where they are none, too many wait, or the peer does not speak telephone-event */
  press(digits: string, durationMs: number): boolean {
    const pressed = this.#outgoing.press(digits, durationMs);
    this.#pace();
    return pressed;
  }

  /** Plays to the peer, in place of what it hears of the room; null stops it. */
  play(playlist: Playlist | null): void {
    this.#outgoing.play(playlist);
    this.#pace();
  }

  /** What became of datagrams since it was opened. */
  get counts(): Readonly<Counts> {
    return this.#counts;
  }

  /** What came and went since it was last asked. */
  measure(): LegFigures {
    const now = performance.now();
    const last = this.#measured;
    const reception = this.#reception;
    const came = reception?.since(reception === last.reception ? last.mark : BEGINNING);
    const { loss, jitterMs, roundTripMs } = this.#reports.peer;
    const counts = { ...this.#counts };
    const { octets } = this.#outgoing.sent;
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

  /** Sends the peer a report of RTCP, every now and then. */
  report(): void {
    if (this.#heardAt !== null && performance.now() - this.#heardAt > QUIET_MS) this.#path.loosen();
    if (this.#agreed !== null) this.#sendRtcp(this.#reports.write(this.#outgoing.sent, this.#reception));
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
    const { alsoTakes } = agreed;
    const sound = header.payloadType === alsoTakes?.payloadType ? alsoTakes : agreed;
    if (!isEvent && header.payloadType !== sound.payloadType) {
      counts.unexpected += 1;
      return;
    }
    if (known) this.#gate.settle();
    else {
      this.#gate.latch(address, port);
      this.#path.leadsTo(this.#gate.remote);
      this.#parts.tell({ news: 'latched', address, port });
    }
    if (!this.#path.tied) this.#path.tie();
    if (!this.#count(header, now)) {
      counts.unexpected += 1;
      return;
    }
    if (this.#held || !agreed.receives) counts.withheld += 1;
    else if (isEvent) this.#takeEvent(packet, header, now);
    else this.#toRoom(packet, header, sound.codec, now);
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

  /** Every 20 ms while something is made here. */
  readonly #beat = (): void => {
    const now = performance.now();
    const lost = this.#digitsIn.expire(now);
    if (lost !== null) this.#parts.tell({ news: 'digit', ...lost });
    this.#outgoing.make(now);
    this.#pace();
  };

  #sendRtcp(report: Buffer): void {
    const remote = this.#gate.remote;
    const packet = this.#sealer === null ? report : this.#sealer.protectRtcp(report);
    if (remote === null || packet === null || this.#closed) return;
    if (remote.rtcp === null) this.#path.send(packet);
    else this.#parts.rtcp.send(packet, remote.rtcp.port, remote.rtcp.address);
  }

  #rtcpFromPeer(datagram: Buffer, { address, port }: RemoteInfo): void {
    if (!this.#gate.admitsRtcp(address, port)) this.#counts.strangers += 1;
    else if (!this.#rate.take(performance.now())) this.#counts.excess += 1;
    else this.#takeRtcp(datagram);
  }

  #takeRtcp(datagram: Buffer): void {
    const packet = this.#opener === null ? datagram : this.#opener.openRtcp(datagram);
    const read = packet === null ? null : this.#reports.read(packet);
    if (packet === null) this.#counts.forged += 1;
    else if (read === null) this.#counts.malformed += 1;
    else if (read.goodbye) this.#parts.tell({ news: 'goodbye' });
  }

  /** Sees to it that there is a beat exactly while it is needed. */
  #pace(): void {
    if ((this.#outgoing.makes || this.#digitsIn.open) && !this.#closed) this.#parts.pacer.add(this.#beat);
    else this.#parts.pacer.remove(this.#beat);
  }
}
