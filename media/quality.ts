import type { types } from 'mediasoup';

/** What one direction of a stream was found to be over an interval. */
export interface StreamQuality {
  packets: number;
  /** 0 to 1: of the packets that were sent. */
  loss: number;
  jitterMs: number;
  bitrate: number;
  /** How a listener would rate it, 1 (bad) to 4.5 (excellent); null for pictures and while nothing flows. */
  mos: number | null;
}

/** mediasoup's counters of a stream, as far as quality is told by them. */
type Counters = Pick<
  types.RtpStreamRecvStats,
  'ssrc' | 'kind' | 'mimeType' | 'packetCount' | 'packetsLost' | 'fractionLost' | 'jitter' | 'bitrate'
>;

/** The E-model's base of a call without any impairment (ITU-T G.107). */
const BEST_R = 93.2;
/** How well loss is concealed: G.711 with concealment (ITU-T G.113, random loss); opus does no worse. */
const LOSS_ROBUSTNESS = 25.1;
/** Packets wait in a jitter buffer of about twice the jitter; coding and playing take the rest. */
const PROCESSING_MS = 40;

/**
 * Rates a connection by the E-model of ITU-T G.107, in the simplified form for VoIP of Cole and Rosenbluth.
 * @param loss 0 to 1
 * @returns a mean opinion score from 1 to 4.5
 */
export function estimateMos(loss: number, jitterMs: number, roundTripMs: number): number {
  const delay = roundTripMs / 2 + 2 * jitterMs + PROCESSING_MS;
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const lossImpairment = (95 * loss * 100) / (loss * 100 + LOSS_ROBUSTNESS);
  const r = Math.min(100, Math.max(0, BEST_R - delayImpairment - lossImpairment));
  return 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r);
}

/** What a stream received from the peer was between two readings; null when it is another stream by now. */
export function receivedQuality(
  before: Counters | null,
  now: Counters,
  roundTripMs: number | null,
): StreamQuality | null {
  const same = before !== null && before.ssrc === now.ssrc;
  const packets = now.packetCount - (same ? before.packetCount : 0);
  const lost = Math.max(0, now.packetsLost - (same ? before.packetsLost : 0));
  if (packets < 0) return null;
  return rate(now, packets, packets + lost === 0 ? 0 : lost / (packets + lost), roundTripMs);
}

/** What a stream sent to the peer was, by the peer's last report of it. */
export function sentQuality(before: Counters | null, now: Counters, roundTripMs: number | null): StreamQuality | null {
  const same = before !== null && before.ssrc === now.ssrc;
  const packets = now.packetCount - (same ? before.packetCount : 0);
  return packets < 0 ? null : rate(now, packets, now.fractionLost / 256, roundTripMs);
}

/** The worse of two. */
export function worse(one: StreamQuality | null, other: StreamQuality | null): StreamQuality | null {
  if (one === null || other === null) return one ?? other;
  return other.loss > one.loss || (other.loss === one.loss && other.jitterMs > one.jitterMs) ? other : one;
}

function rate(now: Counters, packets: number, loss: number, roundTripMs: number | null): StreamQuality {
  // mediasoup counts jitter in ticks of the codec's clock.
  const jitterMs = (now.jitter * 1000) / clockRate(now.mimeType);
  const audible = now.kind === 'audio' && packets > 0;
  return {
    packets,
    loss,
    jitterMs,
    bitrate: now.bitrate,
    mos: audible ? estimateMos(loss, jitterMs, roundTripMs ?? 0) : null,
  };
}

function clockRate(mimeType: string): number {
  if (/^video\//i.test(mimeType)) return 90_000;
  return /opus$/i.test(mimeType) ? 48_000 : 8_000;
}
