import { describe, expect, it } from 'vitest';
import { estimateMos, receivedQuality, sentQuality, worse } from '../../media/quality.ts';
import { fc } from '../support/properties.ts';

const counters = (more: object = {}) => ({
  ssrc: 1,
  kind: 'audio',
  mimeType: 'audio/PCMU',
  packetCount: 500,
  packetsLost: 0,
  fractionLost: 0,
  jitter: 80,
  bitrate: 64_000,
  ...more,
});

describe('[ITU-T G.107] how a listener would rate a connection', () => {
  it.each([
    ['a good one', 0, 2, 20, 4.35, 4.45],
    ['one in a hundred lost', 0.01, 5, 60, 4.2, 4.4],
    ['one in twenty lost', 0.05, 10, 100, 3.4, 4],
    ['one in five lost', 0.2, 30, 200, 1.5, 2.6],
    ['a satellite', 0, 10, 600, 2.8, 3.6],
    ['nothing gets through', 1, 0, 0, 1, 1.6],
  ])('%s', (_what, loss, jitter, roundTrip, least, most) => {
    const mos = estimateMos(loss, jitter, roundTrip);
    expect(mos).toBeGreaterThanOrEqual(least);
    expect(mos).toBeLessThanOrEqual(most);
  });

  it('is never better for more loss, jitter or delay, and stays between 1 and 4.5', () => {
    const loss = fc.double({ min: 0, max: 1, noNaN: true });
    const ms = fc.double({ min: 0, max: 3000, noNaN: true });
    fc.assert(
      fc.property(loss, ms, ms, loss, ms, ms, (loss1, jitter1, trip1, loss2, jitter2, trip2) => {
        const better = estimateMos(Math.min(loss1, loss2), Math.min(jitter1, jitter2), Math.min(trip1, trip2));
        const poorer = estimateMos(Math.max(loss1, loss2), Math.max(jitter1, jitter2), Math.max(trip1, trip2));
        expect(poorer).toBeLessThanOrEqual(better + 1e-9);
        expect(poorer).toBeGreaterThanOrEqual(1 - 0.1);
        expect(better).toBeLessThanOrEqual(4.5);
      }),
    );
  });
});

describe('what a stream was between two readings', () => {
  it('counts what came and what was lost since', () => {
    const quality = receivedQuality(counters(), counters({ packetCount: 590, packetsLost: 10 }), 40)!;
    expect(quality).toMatchObject({ packets: 90, loss: 0.1, jitterMs: 10, bitrate: 64_000 });
    expect(quality.mos).toBeLessThan(4);
  });

  it('counts from nothing for another stream, and does not go backwards', () => {
    expect(receivedQuality(counters({ ssrc: 2 }), counters(), null)!.packets).toBe(500);
    expect(receivedQuality(counters(), counters({ packetCount: 10 }), null)).toBeNull();
    expect(receivedQuality(counters({ packetsLost: 9 }), counters({ packetCount: 600 }), null)!.loss).toBe(0);
  });

  it('takes the peer’s word for what was lost on the way to it (RFC 3550 6.4.1)', () => {
    expect(sentQuality(counters(), counters({ packetCount: 600, fractionLost: 64 }), 20)!.loss).toBe(0.25);
  });

  it('rates no picture and no silence', () => {
    expect(receivedQuality(null, counters({ kind: 'video', mimeType: 'video/VP8' }), 20)!.mos).toBeNull();
    expect(receivedQuality(counters(), counters(), 20)!.mos).toBeNull();
  });

  it('is the worse of two', () => {
    const [good, bad] = [0, 0.1].map((loss) => ({ packets: 1, loss, jitterMs: 1, bitrate: 1, mos: null }));
    expect(worse(good!, bad!)).toBe(bad);
    expect(worse(bad!, good!)).toBe(bad);
    expect(worse(null, good!)).toBe(good);
  });
});
