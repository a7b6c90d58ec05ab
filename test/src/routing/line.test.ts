import { describe, expect, it } from 'vitest';
import { expectedWait, placesInLine } from '../../../src/routing/line.ts';
import { waits } from './people.ts';

describe('a place in the line', () => {
  const line = [
    waits('c', 30),
    waits('a', 10),
    waits('urgent', 40, { priority: 1 }),
    waits('b', 10),
    waits('x', 1, { queueId: 'other' }),
  ];

  it.each([
    ['urgent', 1],
    ['a', 2],
    ['b', 3],
    ['c', 4],
  ])('[RT3] [RT6] %s is number %i of its queue', (id, place) => {
    expect(placesInLine(line).get(id)).toEqual({ place, of: 4 });
  });

  it('[RT3] is nowhere for who does not wait', () => {
    expect(placesInLine(line).get('nobody')).toBeUndefined();
  });
});

describe('the wait that can be expected', () => {
  it('[RT6] is not known while nobody is there, or nothing is known of talks', () => {
    expect(expectedWait(1, 0, 300)).toBeNull();
    expect(expectedWait(1, 2, 0)).toBeNull();
    expect(expectedWait(1, 2, Number.NaN)).toBeNull();
  });

  it('[RT6] widens with the place and is shortened by hands', () => {
    const ranges = [1, 2, 3, 10, 50].map((place) => expectedWait(place, 2, 300)!);
    for (const [n, { low, high }] of ranges.entries()) {
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeGreaterThan(low);
      if (n > 0) expect(high - low).toBeGreaterThan(ranges[n - 1]!.high - ranges[n - 1]!.low);
    }
    expect(expectedWait(3, 4, 300)!.high).toBeLessThan(ranges[2]!.high);
  });

  it.each([1, 3, 8])('[RT6] holds in three of five waits at place %i', (place) => {
    // The time until the place-th of three agents' talks ends, talks being exponential; a fixed random sequence.
    let seed = 7;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    const { low, high } = expectedWait(place, 3, 300)!;
    let within = 0;
    for (let run = 0; run < 5000; run += 1) {
      let wait = 0;
      for (let end = 0; end < place; end += 1) wait -= Math.log(random()) * (300 / 3);
      if (wait >= low && wait <= high) within += 1;
    }
    expect(within / 5000).toBeGreaterThan(0.57);
    expect(within / 5000).toBeLessThan(0.63);
  });
});
