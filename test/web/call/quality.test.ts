import { describe, expect, it } from 'vitest';
import { qualityBetween, type Flow, type Reading } from '../../../web/call/quality.ts';

const flow = (change: Partial<Flow> = {}): Flow => ({
  kind: 'audio',
  packets: 0,
  lost: 0,
  bytes: 0,
  jitter: null,
  framesDecoded: null,
  freezes: null,
  ...change,
});
const reading = (at: number, received: Record<string, Flow>, change: Partial<Reading> = {}): Reading => ({
  at,
  received,
  sent: { packets: 0, bytes: 0, lossRatio: null },
  roundTrip: 0.02,
  path: null,
  ...change,
});
const empty = reading(0, { voice: flow() });

describe('quality', () => {
  it('is good when all arrives', () => {
    const now = reading(2_000, {
      voice: flow({ packets: 100, bytes: 8_000, jitter: 0.004 }),
      picture: flow({ kind: 'video', packets: 50, bytes: 40_000, framesDecoded: 60, freezes: 0 }),
    });
    const before = reading(0, { ...empty.received, picture: flow({ kind: 'video', framesDecoded: 12, freezes: 0 }) });
    expect(qualityBetween(before, now, true)).toMatchObject({
      grade: 'good',
      reason: null,
      lossRatio: 0,
      jitterMs: 4,
      roundTripMs: 20,
      receivedBitrate: 192_000,
      framesPerSecond: 24,
      framesDecoded: 60,
    });
  });

  it.each([
    ['loss', { voice: flow({ packets: 95, lost: 5 }) }, {}, 'fair'],
    ['loss', { voice: flow({ packets: 80, lost: 20 }) }, {}, 'poor'],
    ['jitter', { voice: flow({ packets: 100, jitter: 0.05 }) }, {}, 'fair'],
    ['jitter', { voice: flow({ packets: 100, jitter: 0.2 }) }, {}, 'poor'],
    ['delay', { voice: flow({ packets: 100 }) }, { roundTrip: 0.4 }, 'fair'],
    ['delay', { voice: flow({ packets: 100 }) }, { roundTrip: 1 }, 'poor'],
    ['sendLoss', { voice: flow({ packets: 100 }) }, { sent: { packets: 9, bytes: 9, lossRatio: 0.2 } }, 'poor'],
  ] as const)('names the reason: %s', (reason, received, change, grade) => {
    expect(qualityBetween(empty, reading(2_000, received, change), true)).toMatchObject({ grade, reason });
  });

  it('names the worst where there are several', () => {
    const now = reading(2_000, { voice: flow({ packets: 95, lost: 5, jitter: 0.2 }) });
    expect(qualityBetween(empty, now, true)).toMatchObject({ grade: 'poor', reason: 'jitter' });
  });

  it('counts freezes of pictures', () => {
    const before = reading(0, { picture: flow({ kind: 'video', framesDecoded: 9, freezes: 4 }) });
    const now = reading(2_000, { picture: flow({ kind: 'video', packets: 9, framesDecoded: 10, freezes: 5 }) });
    expect(qualityBetween(before, now, true)).toMatchObject({ grade: 'fair', reason: 'freezes', freezes: 1 });
  });

  it('is poor when nothing comes from somebody who is there, and not judged when nobody is', () => {
    expect(qualityBetween(empty, reading(2_000, empty.received), true)).toMatchObject({
      grade: 'poor',
      reason: 'silence',
    });
    const nothing = reading(2_000, {}, { roundTrip: null });
    expect(qualityBetween(empty, nothing, false)).toMatchObject({ grade: null, reason: null, lossRatio: null });
  });

  it('takes a counter that fell for a new one: a section that was recycled is no loss and no jump', () => {
    const before = reading(0, { voice: flow({ packets: 9_000, lost: 90, bytes: 900_000 }) });
    const now = reading(2_000, { voice: flow({ packets: 50, lost: 0, bytes: 4_000 }) });
    expect(qualityBetween(before, now, false)).toMatchObject({ receivedBitrate: 0, lossRatio: null });
  });

  it('what comes in for the first time does not count as of these two seconds', () => {
    const now = reading(2_000, { voice: flow({ packets: 50_000, bytes: 4_000_000 }) });
    expect(qualityBetween(reading(0, {}), now, false).receivedBitrate).toBe(0);
  });
});
