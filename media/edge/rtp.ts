/** RTP packets (RFC 3550 5.1), read and written in place: one header object serves every packet. */

/** Octets of the header without CSRCs and extension. */
export const RTP_HEADER = 12;

/** What an RTP packet says of itself, and where its payload lies in it. */
export interface RtpHeader {
  payloadType: number;
  marker: boolean;
  /** 16 bits */
  sequence: number;
  /** 32 bits, in ticks of the codec's clock */
  timestamp: number;
  ssrc: number;
  /** First octet of the payload: after CSRCs and extension. */
  start: number;
  /** Octet after the payload: before the padding. */
  end: number;
}

/** A header to be read into. */
export function blankRtpHeader(): RtpHeader {
  return { payloadType: 0, marker: false, sequence: 0, timestamp: 0, ssrc: 0, start: RTP_HEADER, end: RTP_HEADER };
}

/** Whether a datagram of a multiplexed port is RTCP (RFC 5761 4): its second octet is a packet type of 192 to 223. */
export function isRtcp(packet: Uint8Array): boolean {
  const type = packet.length > 1 ? (packet[1] as number) : 0;
  return type >= 192 && type <= 223;
}

/**
 * Reads a packet's header.
 * @returns false for what is no RTP; `header` is then of no meaning
 */
export function readRtp(packet: Buffer, header: RtpHeader): boolean {
  if (packet.length < RTP_HEADER) return false;
  const first = packet[0] as number;
  if (first >> 6 !== 2) return false;
  let start = RTP_HEADER + 4 * (first & 0x0f);
  if (first & 0x10) {
    if (packet.length < start + 4) return false;
    start += 4 + 4 * (((packet[start + 2] as number) << 8) | (packet[start + 3] as number));
  }
  let end = packet.length;
  if (start > end) return false;
  if (first & 0x20) {
    const padding = packet[end - 1] as number;
    if (padding === 0 || padding > end - start) return false;
    end -= padding;
  }
  const second = packet[1] as number;
  header.payloadType = second & 0x7f;
  header.marker = second > 0x7f;
  header.sequence = ((packet[2] as number) << 8) | (packet[3] as number);
  header.timestamp = packet.readUInt32BE(4);
  header.ssrc = packet.readUInt32BE(8);
  header.start = start;
  header.end = end;
  return true;
}

/** Writes a header without CSRCs, extension and padding, `RTP_HEADER` octets from `at` on. */
export function writeRtp(
  packet: Buffer,
  at: number,
  header: Pick<RtpHeader, 'payloadType' | 'marker' | 'sequence' | 'timestamp' | 'ssrc'>,
): void {
  packet[at] = 0x80;
  packet[at + 1] = (header.marker ? 0x80 : 0) | header.payloadType;
  packet[at + 2] = header.sequence >> 8;
  packet[at + 3] = header.sequence & 0xff;
  packet.writeUInt32BE(header.timestamp, at + 4);
  packet.writeUInt32BE(header.ssrc, at + 8);
}

/** How far a 16-bit sequence number lies after another: -32768 to 32767. */
export function sequenceAfter(sequence: number, earlier: number): number {
  return ((sequence - earlier) << 16) >> 16;
}

/** How far a 32-bit timestamp lies after another: negative for earlier ones. */
export function timestampAfter(timestamp: number, earlier: number): number {
  return (timestamp - earlier) | 0;
}
