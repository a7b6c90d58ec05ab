import { describe, expect, it } from 'vitest';
import { RING_BACK, toneSamples } from '../../../media/sounds/tones.ts';
import { readWav, resample } from '../../../media/sounds/wav.ts';
import { tone, toneShare } from '../../support/media/goertzel.ts';
import { wav } from '../../support/media/sounds.ts';

describe('WAV files', () => {
  it('are read at 8 and 16 kHz, with one channel or two', () => {
    const samples = tone(440, 0.1);
    expect(readWav(wav(samples, 8_000))).toEqual({ rate: 8_000, samples });
    const both = Int16Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? 1_000 : 3_000));
    expect(readWav(wav(both, 16_000, 2))).toEqual({ rate: 16_000, samples: new Int16Array(4).fill(2_000) });
  });

  it.each([
    ['no WAV file', Buffer.from('an MP3, say'), 'no WAV file'],
    ['44.1 kHz', wav(tone(440, 0.1), 44_100), '44100 samples a second'],
    ['8 bits', wav(tone(440, 0.1), 8_000, 1, 8), '8 bits'],
    ['nothing in it', wav(tone(440, 0.1), 8_000).subarray(0, 36), 'no sound'],
  ])('are refused with %s', (_, file, why) => {
    expect(() => readWav(file)).toThrow(why);
  });

  it('are never read beyond their end, whatever their lengths say', () => {
    const file = wav(tone(440, 0.1), 8_000);
    file.writeUInt32LE(0xffff_ffff, 40);
    expect(readWav(file).samples).toHaveLength(800);
    for (let length = 0; length < 60; length += 1) {
      const cut = () => readWav(file.subarray(0, length));
      if (length < 44) expect(cut).toThrow();
      else expect(cut().samples).toHaveLength((length - 44) >> 1);
    }
  });

  it('keep their pitch at another rate, and nothing folds back', () => {
    const down = resample({ rate: 16_000, samples: tone(1_000, 1, 16_000) }, 8_000);
    expect([down.length, toneShare(down, 1_000) > 0.98]).toEqual([8_000, true]);
    const up = resample({ rate: 8_000, samples: tone(1_000, 1) }, 16_000);
    expect([up.length, toneShare(up, 1_000, 16_000) > 0.98]).toEqual([16_000, true]);
    expect(Math.max(...up)).toBeCloseTo(8_000, -3);
    const high = resample({ rate: 16_000, samples: tone(6_000, 1, 16_000) }, 8_000);
    expect(Math.max(...high.slice(100, -100).map(Math.abs))).toBeLessThan(100);
  });
});

describe('a tone', () => {
  it('[ITU-T E.180] ring back with a second of 425 Hz and four of silence', () => {
    const { samples, rate } = toneSamples(RING_BACK.europe);
    expect(samples).toHaveLength(5 * rate);
    expect(toneShare(samples.subarray(0, rate), 425, rate)).toBeGreaterThan(0.97);
    expect(samples.subarray(rate).every((sample) => sample === 0)).toBe(true);
  });

  it.each([
    ['no frequency', { frequencies: [], onMs: 100, offMs: 0 }],
    ['more than telephones carry', { frequencies: [5_000], onMs: 100, offMs: 0 }],
    ['more than a minute', { frequencies: [425], onMs: 1_000, offMs: 60_000 }],
  ])('is refused with %s', (_, none) => {
    expect(() => toneSamples(none)).toThrow(RangeError);
  });
});
