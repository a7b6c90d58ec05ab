import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRing } from '../../../../web/agent/offer/ring.ts';

/** Counts rings as an audio context would sound them. */
function fakeAudio() {
  const tones: number[] = [];
  const parameter = { setValueAtTime: () => {}, linearRampToValueAtTime: () => {} };
  const context = {
    currentTime: 0,
    destination: {},
    resume: async () => {},
    createGain: () => ({ gain: parameter, connect: () => {} }),
    createOscillator: () => {
      const tone = {
        frequency: { value: 0 },
        connect: () => {},
        start: () => tones.push(tone.frequency.value),
        stop: () => {},
      };
      return tone;
    },
  };
  return { tones, open: () => context as unknown as AudioContext };
}

describe('the ring of an offer', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sounds 440 and 554 Hz every 2 s, for 45 s at most', () => {
    const { tones, open } = fakeAudio();
    createRing(open).start();
    expect(tones).toEqual([440, 554]);
    vi.advanceTimersByTime(4_000);
    expect(tones).toHaveLength(6);
    vi.advanceTimersByTime(120_000);
    expect(tones).toHaveLength(2 * 23);
  });

  it('stops when it is silenced, and starting twice rings once', () => {
    const { tones, open } = fakeAudio();
    const ring = createRing(open);
    ring.start();
    ring.start();
    expect(tones).toHaveLength(2);
    ring.stop();
    ring.stop();
    vi.advanceTimersByTime(10_000);
    expect(tones).toHaveLength(2);
  });
});
