/** RTCP (RFC 3550 6): the reports that the edge makes and reads. */

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const DESCRIPTION = 202;
const GOODBYE = 203;
const CNAME = 1;
const BLOCK = 24;
/** Seconds between the epochs of NTP (1900) and Unix (1970). */
const NTP_EPOCH = 2_208_988_800;

/** One report block (RFC 3550 6.4.1). */
export interface ReportBlock {
  ssrc: number;
  /** Of 256, since the last report. */
  fractionLost: number;
  /** Since the beginning; negative where repetitions outnumber losses. */
  lost: number;
  extendedHighest: number;
  /** Ticks. */
  jitter: number;
  /** The middle 32 bits of the NTP time of the last sender report, 0 if there was none. */
  lastReport: number;
  /** Since that report, in 1/65536 s. */
  delay: number;
}

/** What a sender report says of the sender. */
export interface SenderInfo {
  /** Milliseconds since 1970. */
  at: number;
  timestamp: number;
  packets: number;
  octets: number;
}

/** What a compound packet told. */
export interface RtcpNews {
  /** The middle 32 bits of the NTP time of a sender report, to be told back. */
  senderReport: number | null;
  /** Blocks about the stream asked for. */
  blocks: ReportBlock[];
  goodbye: boolean;
}

/** The middle 32 bits of an NTP time. @param at milliseconds since 1970 */
function middleOfNtp(at: number): number {
  const seconds = Math.floor(at / 1000) + NTP_EPOCH;
  const fraction = Math.floor(((at % 1000) / 1000) * 0x1_0000);
  return (((seconds & 0xffff) << 16) | fraction) >>> 0;
}

/**
 * Writes a compound packet: a sender report (or, without `sender`, a receiver report), and the canonical name.
 * @param cname at most 255 octets
 */
export function writeReport(
  ssrc: number,
  cname: string,
  sender: SenderInfo | null,
  blocks: readonly ReportBlock[],
): Buffer {
  const head = sender === null ? 8 : 28;
  const name = Buffer.from(cname).subarray(0, 255);
  // Item, its length, the name, and at least one null, to a multiple of four.
  const chunk = 4 + Math.ceil((2 + name.length + 1) / 4) * 4;
  const packet = Buffer.alloc(head + blocks.length * BLOCK + 4 + chunk);
  packet[0] = 0x80 | blocks.length;
  packet[1] = sender === null ? RECEIVER_REPORT : SENDER_REPORT;
  packet.writeUInt16BE((head + blocks.length * BLOCK) / 4 - 1, 2);
  packet.writeUInt32BE(ssrc, 4);
  if (sender !== null) {
    packet.writeUInt32BE((Math.floor(sender.at / 1000) + NTP_EPOCH) % 0x1_0000_0000, 8);
    packet.writeUInt32BE(Math.floor(((sender.at % 1000) / 1000) * 0x1_0000_0000), 12);
    packet.writeUInt32BE(sender.timestamp, 16);
    packet.writeUInt32BE(sender.packets >>> 0, 20);
    packet.writeUInt32BE(sender.octets >>> 0, 24);
  }
  let at = head;
  for (const block of blocks) {
    packet.writeUInt32BE(block.ssrc, at);
    packet[at + 4] = block.fractionLost;
    packet.writeIntBE(Math.max(-0x80_0000, Math.min(0x7f_ffff, block.lost)), at + 5, 3);
    packet.writeUInt32BE(block.extendedHighest, at + 8);
    packet.writeUInt32BE(block.jitter, at + 12);
    packet.writeUInt32BE(block.lastReport, at + 16);
    packet.writeUInt32BE(block.delay, at + 20);
    at += BLOCK;
  }
  packet[at] = 0x81;
  packet[at + 1] = DESCRIPTION;
  packet.writeUInt16BE(chunk / 4, at + 2);
  packet.writeUInt32BE(ssrc, at + 4);
  packet[at + 8] = CNAME;
  packet[at + 9] = name.length;
  name.copy(packet, at + 10);
  return packet;
}

/** A goodbye, in a compound packet of its own. */
export function writeGoodbye(ssrc: number, cname: string): Buffer {
  const goodbye = Buffer.from([0x81, GOODBYE, 0, 1, 0, 0, 0, 0]);
  goodbye.writeUInt32BE(ssrc, 4);
  return Buffer.concat([writeReport(ssrc, cname, null, []), goodbye]);
}

/**
 * Reads a compound packet.
 * @param about the stream of ours whose blocks are wanted
 * @returns null for what is no RTCP
 */
export function readRtcp(packet: Buffer, about: number): RtcpNews | null {
  const news: RtcpNews = { senderReport: null, blocks: [], goodbye: false };
  let at = 0;
  while (at < packet.length) {
    if (packet.length - at < 4) return null;
    const first = packet[at] as number;
    const type = packet[at + 1] as number;
    const end = at + 4 + 4 * packet.readUInt16BE(at + 2);
    if (first >> 6 !== 2 || type < 192 || type > 223 || end > packet.length) return null;
    const count = first & 0x1f;
    if (type === SENDER_REPORT || type === RECEIVER_REPORT) {
      const blocks = at + (type === SENDER_REPORT ? 28 : 8);
      if (blocks + count * BLOCK > end) return null;
      if (type === SENDER_REPORT) news.senderReport = packet.readUInt32BE(at + 10);
      for (let block = blocks; block < blocks + count * BLOCK; block += BLOCK) {
        if (packet.readUInt32BE(block) === about) news.blocks.push(readBlock(packet, block));
      }
    } else if (type === GOODBYE) news.goodbye = true;
    at = end;
  }
  return at === 0 ? null : news;
}

function readBlock(packet: Buffer, at: number): ReportBlock {
  return {
    ssrc: packet.readUInt32BE(at),
    fractionLost: packet[at + 4] as number,
    lost: packet.readIntBE(at + 5, 3),
    extendedHighest: packet.readUInt32BE(at + 8),
    jitter: packet.readUInt32BE(at + 12),
    lastReport: packet.readUInt32BE(at + 16),
    delay: packet.readUInt32BE(at + 20),
  };
}

/**
 * The round trip that a block tells (RFC 3550 6.4.1).
 * @param now milliseconds since 1970, when the block came
 * @returns milliseconds; null where it tells none, or none that can be
 */
export function roundTripOf(block: ReportBlock, now: number): number | null {
  if (block.lastReport === 0) return null;
  const ticks = (middleOfNtp(now) - block.lastReport - block.delay) | 0;
  // Rounding can make a round trip on one machine slightly negative.
  if (ticks < -66 || ticks > 60 * 0x1_0000) return null;
  return Math.max(0, (ticks / 0x1_0000) * 1000);
}
