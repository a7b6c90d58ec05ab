/**
 * How good a connection is, from two readings of the browser's statistics (webrtc-stats). Counters
 * that an engine does not have are null, never zero: what is not measured is not called good or bad.
 * Pure.
 */
import type { MediaKind } from './sections.ts';

/** Counters of one section as they stand; all grow. */
export interface Flow {
  kind: MediaKind;
  packets: number;
  lost: number;
  bytes: number;
  /** Seconds, as it stands now. */
  jitter: number | null;
  framesDecoded: number | null;
  freezes: number | null;
}

/** The way that packets take. */
export interface Path {
  protocol: 'udp' | 'tcp';
  /** How the TURN server in between is reached, `udp`, `tcp` or `tls`; null where there is none. */
  relay: string | null;
  /** Of the server's end; null where the browser keeps it to itself. */
  address: string | null;
  port: number | null;
}

export interface Reading {
  /** Milliseconds of the browser's clock. */
  at: number;
  /** What comes in, by the id of its track. */
  received: Record<string, Flow>;
  /** What the server says of what it got from here. */
  sent: { packets: number; bytes: number; lossRatio: number | null };
  /** Seconds; null before the first is measured. */
  roundTrip: number | null;
  /** Null before one was found, and where the engine does not tell. */
  path: Path | null;
}

export type QualityReason = 'loss' | 'sendLoss' | 'delay' | 'jitter' | 'freezes' | 'silence';

export interface Quality {
  /** Null while there is nothing to judge by. */
  grade: 'good' | 'fair' | 'poor' | null;
  /** What makes it less than good, the worst first. */
  reason: QualityReason | null;
  /** Lost of what was sent to us, 0 to 1; null where nothing came. */
  lossRatio: number | null;
  /** Lost of what we sent, 0 to 1; as the server reported last. */
  sendLossRatio: number | null;
  jitterMs: number | null;
  roundTripMs: number | null;
  /** Bits a second, all sections together. */
  receivedBitrate: number;
  sentBitrate: number;
  framesPerSecond: number | null;
  /** Of the whole call, all pictures together; null before the first. */
  framesDecoded: number | null;
  freezes: number;
  path: Path | null;
}

/** From where on it is fair, and from where on poor: opus conceals 5 %, talk overlaps above 400 ms (ITU-T G.114). */
const LIMITS: Record<Exclude<QualityReason, 'silence'>, [fair: number, poor: number]> = {
  loss: [0.03, 0.1],
  sendLoss: [0.03, 0.1],
  delay: [300, 700],
  jitter: [40, 100],
  // In the time between two readings.
  freezes: [1, 3],
};

/**
 * What happened between two readings.
 * @param expected whether somebody is to be heard or seen; then nothing at all is a bad sign
 */
export function qualityBetween(before: Reading, now: Reading, expected: boolean): Quality {
  const seconds = Math.max((now.at - before.at) / 1000, 0.001);
  let packets = 0;
  let lost = 0;
  let bytes = 0;
  let frames: number | null = null;
  let total: number | null = null;
  let freezes = 0;
  let jitter: number | null = null;
  Object.keys(now.received).forEach((track) => {
    const flow = now.received[track] as Flow;
    const earlier = before.received[track];
    packets += grown(flow.packets, earlier && earlier.packets);
    lost += grown(flow.lost, earlier && earlier.lost);
    bytes += grown(flow.bytes, earlier && earlier.bytes);
    freezes += grown(flow.freezes || 0, earlier && (earlier.freezes || 0));
    if (flow.jitter !== null) jitter = Math.max(jitter || 0, flow.jitter * 1000);
    if (flow.framesDecoded === null) return;
    frames = (frames || 0) + grown(flow.framesDecoded, earlier && (earlier.framesDecoded || 0));
    total = (total || 0) + flow.framesDecoded;
  });
  const quality: Quality = {
    grade: null,
    reason: null,
    lossRatio: packets + lost === 0 ? null : lost / (packets + lost),
    sendLossRatio: now.sent.lossRatio,
    jitterMs: jitter,
    roundTripMs: now.roundTrip === null ? null : now.roundTrip * 1000,
    receivedBitrate: (bytes * 8) / seconds,
    sentBitrate: (grown(now.sent.bytes, before.sent.bytes) * 8) / seconds,
    framesPerSecond: frames === null ? null : frames / seconds,
    framesDecoded: total,
    freezes,
    path: now.path,
  };
  return Object.assign(quality, judge(quality, expected && packets === 0));
}

/** A counter that fell was begun anew: a section that was recycled. */
function grown(now: number, before: number | undefined): number {
  return before === undefined || now < before ? 0 : now - before;
}

function judge(quality: Quality, silent: boolean): Pick<Quality, 'grade' | 'reason'> {
  if (silent) return { grade: 'poor', reason: 'silence' };
  const measured: [Exclude<QualityReason, 'silence'>, number | null][] = [
    ['loss', quality.lossRatio],
    ['sendLoss', quality.sendLossRatio],
    ['delay', quality.roundTripMs],
    ['jitter', quality.jitterMs],
    ['freezes', quality.freezes],
  ];
  for (const level of [1, 0] as const) {
    for (const [reason, figure] of measured) {
      if (figure !== null && figure >= LIMITS[reason][level]) return { grade: level === 1 ? 'poor' : 'fair', reason };
    }
  }
  return { grade: quality.lossRatio === null && quality.roundTripMs === null ? null : 'good', reason: null };
}
