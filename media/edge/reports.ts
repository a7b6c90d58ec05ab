/** RTCP between the edge and one telephone: what it tells of what it hears, and what the telephone tells. */
import { BEGINNING, type Mark, type Reception } from './reception.ts';
import { readRtcp, roundTripOf, writeGoodbye, writeReport, type ReportBlock, type SenderInfo } from './rtcp.ts';

const TICKS_PER_MS = 8;

/** What the peer's latest report says. */
export interface PeerReport {
  /** 0 to 1, of what was sent to it between its last two reports. */
  loss: number | null;
  jitterMs: number | null;
  roundTripMs: number | null;
}

export class Reports {
  readonly #ssrc: number;
  readonly #cname: string;
  #peer: PeerReport = { loss: null, jitterMs: null, roundTripMs: null };
  /** Of the peer's last sender report: the middle of its time, and when it came. */
  #heard: { middle: number; at: number } | null = null;
  #reported: { reception: Reception | null; mark: Mark } = { reception: null, mark: BEGINNING };
  #packetsBefore = 0;

  /** @param cname see RFC 7022: the same for all streams of the leg, and of nobody else's */
  constructor(ssrc: number, cname: string) {
    this.#ssrc = ssrc;
    this.#cname = cname;
  }

  get peer(): PeerReport {
    return this.#peer;
  }

  /** A report of what was sent and what was heard. */
  write(sent: Omit<SenderInfo, 'at'>, reception: Reception | null): Buffer {
    const now = Date.now();
    const sender = sent.packets > this.#packetsBefore ? { ...sent, at: now } : null;
    this.#packetsBefore = sent.packets;
    return writeReport(this.#ssrc, this.#cname, sender, reception === null ? [] : [this.#block(reception, now)]);
  }

  goodbye(): Buffer {
    return writeGoodbye(this.#ssrc, this.#cname);
  }

  /** Takes RTCP of the peer's. @returns null for what is none; else whether it says goodbye */
  read(packet: Buffer): { goodbye: boolean } | null {
    const news = readRtcp(packet, this.#ssrc);
    if (news === null) return null;
    const now = Date.now();
    if (news.senderReport !== null) this.#heard = { middle: news.senderReport, at: now };
    for (const block of news.blocks)
      this.#peer = {
        loss: block.fractionLost / 256,
        jitterMs: block.jitter / TICKS_PER_MS,
        roundTripMs: roundTripOf(block, now) ?? this.#peer.roundTripMs,
      };
    return { goodbye: news.goodbye };
  }

  #block(reception: Reception, now: number): ReportBlock {
    const mark = reception === this.#reported.reception ? this.#reported.mark : BEGINNING;
    const { expected, lost } = reception.since(mark);
    this.#reported = { reception, mark: reception.mark() };
    const heard = this.#heard;
    return {
      ssrc: reception.ssrc,
      fractionLost: expected <= 0 ? 0 : Math.min(255, Math.floor((lost * 256) / expected)),
      lost: reception.lost,
      extendedHighest: reception.extendedHighest,
      jitter: reception.jitter,
      lastReport: heard?.middle ?? 0,
      delay: heard === null ? 0 : Math.min(0xffff_ffff, Math.round(((now - heard.at) * 0x1_0000) / 1000)),
    };
  }
}
