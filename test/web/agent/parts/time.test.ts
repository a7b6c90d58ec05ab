import { describe, expect, it } from 'vitest';
import { count, secondsLeft, span, spanInWords } from '../../../../web/agent/parts/time.ts';

describe('times', () => {
  it('shows spans as minutes and seconds, with hours when there are any', () => {
    expect([0, 42_000, 310_000, 3_727_000, -5].map(span)).toEqual(['0:00', '0:42', '5:10', '1:02:07', '0:00']);
  });

  it('says spans in words with the right number', () => {
    expect([1_000, 40_000, 60_000, 7_200_000, 200_000_000].map(spanInWords)).toEqual([
      '1 second',
      '40 seconds',
      '1 minute',
      '2 hours',
      '2 days',
    ]);
    expect(count(1, 'task')).toBe('1 task');
    expect(count(0, 'task')).toBe('0 tasks');
  });

  it('counts the last second until it is over, and never below zero', () => {
    expect(secondsLeft(10_000, 0)).toBe(10);
    expect(secondsLeft(10_000, 9_001)).toBe(1);
    expect(secondsLeft(10_000, 10_000)).toBe(0);
    expect(secondsLeft(10_000, 99_000)).toBe(0);
  });
});
