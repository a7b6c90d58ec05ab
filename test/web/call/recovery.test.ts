import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRecovery, type Recovery } from '../../../web/call/recovery.ts';

let asked: number[];
let recovery: Recovery;
beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  recovery = createRecovery((attempt) => asked.push(attempt));
});
afterEach(() => {
  recovery.close();
  vi.useRealTimers();
});

describe('a new offer is asked for', () => {
  it('two seconds after `disconnected`, which is often over by then', () => {
    recovery.heard('disconnected');
    vi.advanceTimersByTime(1_000);
    recovery.heard('connected');
    vi.advanceTimersByTime(60_000);
    expect(asked).toEqual([]);
    recovery.heard('disconnected');
    vi.advanceTimersByTime(2_000);
    expect(asked).toEqual([1]);
  });

  it('at once after `failed`, and once for both', () => {
    recovery.heard('failed');
    expect(asked).toEqual([1]);
    recovery.heard('disconnected');
    recovery.heard('failed');
    expect(asked).toEqual([1]);
  });

  it('again and again until there is a connection: after 5, 10, 20, 30, 30 seconds', () => {
    recovery.ask();
    for (const seconds of [5, 10, 20, 30, 30]) {
      const before = asked.length;
      vi.advanceTimersByTime(seconds * 1000 - 1);
      expect(asked).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(asked).toHaveLength(before + 1);
    }
    recovery.heard('connected');
    vi.advanceTimersByTime(120_000);
    expect(asked).toHaveLength(6);
  });

  it('no sooner than 15 s after an answer that leads to no connection', () => {
    recovery.ask();
    recovery.answered();
    vi.advanceTimersByTime(14_999);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(asked).toHaveLength(2);
  });

  it('when the network changes, also while all is well; an answer is enough then, for no packet was lost', () => {
    recovery.heard('connected');
    recovery.networkChanged();
    expect(asked).toEqual([1]);
    recovery.answered();
    vi.advanceTimersByTime(60_000);
    expect(asked).toEqual([1]);
  });

  it('never again after it was closed', () => {
    recovery.ask();
    recovery.close();
    recovery.close();
    recovery.heard('failed');
    recovery.networkChanged();
    recovery.ask();
    vi.advanceTimersByTime(60_000);
    expect(asked).toEqual([1]);
  });
});
