import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../../../sip/engine/clock.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const note = (heard: string[]) => heard.push('fired');

it('short timers fire on time, as retransmissions need it (RFC 3261, 17.1.1.2)', () => {
  const heard: string[] = [];
  systemClock.start(500, note, heard);
  vi.advanceTimersByTime(499);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(heard).toHaveLength(1);
});

it('long timers fire never early, at most half a second late, and once', () => {
  for (const ms of [5000, 32_000, 32_001, 32_499, 900_000]) {
    const heard: string[] = [];
    systemClock.start(ms, note, heard);
    vi.advanceTimersByTime(ms - 1);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(501);
    expect(heard).toHaveLength(1);
    vi.advanceTimersByTime(10_000);
    expect(heard).toHaveLength(1);
  }
});

it('long timers of one half second wake the process once', () => {
  const heard: string[] = [];
  for (let count = 0; count < 1000; count++) systemClock.start(32_000, note, heard);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(32_500);
  expect(heard).toHaveLength(1000);
  expect(vi.getTimerCount()).toBe(0);
});

it('a stopped timer does not fire, whatever its length; stopping it again is harmless', () => {
  const heard: string[] = [];
  for (const ms of [500, 32_000]) {
    const timer = systemClock.start(ms, note, heard);
    systemClock.stop(timer);
    systemClock.stop(timer);
  }
  vi.advanceTimersByTime(60_000);
  expect(heard).toEqual([]);
});

it('a long timer that starts another of the same length fires twice', () => {
  const heard: string[] = [];
  const again = (list: string[]) => {
    note(list);
    if (list.length < 2) systemClock.start(30_000, again, list);
  };
  systemClock.start(30_000, again, heard);
  vi.advanceTimersByTime(30_500);
  expect(heard).toHaveLength(1);
  vi.advanceTimersByTime(30_500);
  expect(heard).toHaveLength(2);
});

it('one that throws takes none of the others with it', () => {
  const heard: string[] = [];
  systemClock.start(30_000, note, heard);
  systemClock.start(
    30_000,
    () => {
      throw new Error('broken');
    },
    undefined,
  );
  expect(() => vi.advanceTimersByTime(31_000)).toThrow('broken');
  vi.advanceTimersByTime(1000);
  expect(heard).toHaveLength(1);
});
