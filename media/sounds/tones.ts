/** Tones that networks play (ITU-T E.180), made rather than recorded. */
import type { Samples } from './wav.ts';

/** A tone that repeats: so long it sounds, so long it is silent. */
export interface Tone {
  /** Hz, all at once. */
  frequencies: readonly number[];
  onMs: number;
  offMs: number;
}

/** What a caller hears while it rings at the other end. */
export const RING_BACK: Record<'europe' | 'northAmerica', Tone> = {
  europe: { frequencies: [425], onMs: 1_000, offMs: 4_000 },
  northAmerica: { frequencies: [440, 480], onMs: 2_000, offMs: 4_000 },
};

const RATE = 16_000;
/** All frequencies together: about -12 dB below the loudest. */
const AMPLITUDE = 8_000;
/** Sound begins and ends over 5 ms, so that it does not click. */
const RAMP = RATE / 200;
const LONGEST_MS = 60_000;

/** One period of a tone. @throws RangeError for what is no tone */
export function toneSamples({ frequencies, onMs, offMs }: Tone): Samples {
  const fits = frequencies.every((hz) => hz > 0 && hz < 4_000) && frequencies.length > 0 && frequencies.length <= 4;
  if (!fits || !(onMs > 0) || !(offMs >= 0) || onMs + offMs > LONGEST_MS)
    throw new RangeError('A tone has one to four frequencies below 4000 Hz and a period of at most a minute.');
  const on = Math.round((RATE * onMs) / 1000);
  const samples = new Int16Array(on + Math.round((RATE * offMs) / 1000));
  for (let at = 0; at < on; at += 1) {
    let sum = 0;
    for (const hz of frequencies) sum += Math.sin((2 * Math.PI * hz * at) / RATE);
    const ramp = offMs === 0 ? 1 : Math.min(1, at / RAMP, (on - at) / RAMP);
    samples[at] = Math.round((AMPLITUDE / frequencies.length) * sum * ramp);
  }
  return { rate: RATE, samples };
}
