import { describe, expect, it } from 'vitest';
import { median, percentile, ratioOf, steady } from './statistics.ts';

describe('the figures of the benchmarks', () => {
  it('take the middle, or the mean of the two in the middle', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 7])).toBe(6);
    expect(() => median([])).toThrow(RangeError);
  });

  it('take the percentile that so many do not exceed', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => n + 1);
    expect(percentile(hundred, 99)).toBe(99);
    expect(percentile([3], 99)).toBe(3);
  });

  it('drop a round in which the peer moved by more than a quarter', () => {
    const rounds = [
      { ours: 50, peer: 100 },
      { ours: 60, peer: 125 },
      { ours: 10, peer: 74 },
    ];
    expect(steady(rounds)).toEqual(rounds.slice(0, 2));
    expect(ratioOf(rounds)).toMatchObject({ ratio: 0.49, low: 0.48, high: 0.5, kept: 2, dropped: 1 });
  });
});
