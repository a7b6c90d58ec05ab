/** Figures of repeated measurements: medians, ranges, and which rounds may be believed. */

/** One round: ours and the peer's, measured one right after the other. */
export interface Round {
  ours: number;
  peer: number;
}

export interface Ratio {
  /** Median over the rounds that were kept. */
  ratio: number;
  low: number;
  high: number;
  /** The medians behind it. */
  ours: number;
  peer: number;
  kept: number;
  /** Rounds in which the peer itself had moved, so that they say nothing of us. */
  dropped: number;
}

/** A peer that is further than this from its own median was disturbed. */
const MAY_MOVE = 0.25;

/** @throws RangeError when there are none */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/**
 * The smallest value that `percent` of all do not exceed; of an even number of them, the median is the mean of two.
 * @throws RangeError when there are none
 */
export function percentile(values: readonly number[], percent: number): number {
  if (values.length === 0) throw new RangeError('There is nothing to take a percentile of.');
  const sorted = [...values].sort((one, other) => one - other);
  const at = (index: number) => sorted[Math.min(sorted.length - 1, Math.max(0, index))] as number;
  if (percent === 50 && sorted.length % 2 === 0) return (at(sorted.length / 2 - 1) + at(sorted.length / 2)) / 2;
  return at(Math.ceil((percent / 100) * sorted.length) - 1);
}

/** The rounds in which the peer stayed within a quarter of its median. */
export function steady(rounds: readonly Round[]): Round[] {
  const usual = median(rounds.map(({ peer }) => peer));
  return rounds.filter(({ peer }) => Math.abs(peer - usual) <= MAY_MOVE * usual);
}

/** @throws RangeError when there are no rounds */
export function ratioOf(rounds: readonly Round[]): Ratio {
  const kept = steady(rounds);
  const ratios = kept.map(({ ours, peer }) => ours / peer);
  return {
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    ours: median(kept.map(({ ours }) => ours)),
    peer: median(kept.map(({ peer }) => peer)),
    kept: kept.length,
    dropped: rounds.length - kept.length,
  };
}
