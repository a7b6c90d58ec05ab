import { describe, expect, it } from 'vitest';
import { MAX_ATTEMPTS, readRetryAfter, waitBefore } from '../../../../src/events/webhooks/retry.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

describe('the next try of a delivery', () => {
  it('[M8] comes after about 5 seconds at first and 12 hours at last, each wait longer, and after 12 tries no more', () => {
    const waits = Array.from({ length: MAX_ATTEMPTS }, (_, tried) => waitBefore(tried + 1, null, 0.5));
    expect(MAX_ATTEMPTS).toBe(12);
    expect(waits[0]).toBe(5 * SECOND);
    expect(waits[10]).toBe(12 * HOUR);
    expect(waits[11]).toBeNull();
    const times = waits.filter((wait) => wait !== null);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(new Set(times).size).toBe(times.length);
  });

  it('[M8] is spread by a fifth either way, so that what failed together does not come back together', () => {
    expect(waitBefore(1, null, 0)).toBe(4 * SECOND);
    expect(waitBefore(1, null, 1)).toBe(6 * SECOND);
  });

  it('[M8] waits at least as long as the receiver asks, and never longer than 12 hours', () => {
    expect(waitBefore(1, 90 * SECOND, 0.5)).toBe(90 * SECOND);
    expect(waitBefore(5, SECOND, 0.5)).toBe(15 * 60 * SECOND);
    expect(waitBefore(1, 1000 * HOUR, 0.5)).toBe(12 * HOUR);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  it.each([
    ['120', 120 * SECOND],
    ['0', 0],
    ['Sun, 22 Nov 2026 12:01:00 GMT', 60 * SECOND],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('[M8] %j asks for %j ms', (header, wait) => {
    expect(readRetryAfter(header, now)).toBe(wait);
  });
});
