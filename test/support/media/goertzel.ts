/** Finds tones of known pitch in sound (Goertzel's algorithm). */

/** The share of a sound's power that lies at a frequency: 1 for a pure tone, 0 where it is not heard. */
export function toneShare(samples: ArrayLike<number>, hz: number, rate = 8_000): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [before, last, power] = [0, 0, 0];
  for (let at = 0; at < samples.length; at += 1) {
    const sample = samples[at] as number;
    [before, last] = [last, sample + coefficient * last - before];
    power += sample * sample;
  }
  if (power === 0) return 0;
  return (2 * (last * last + before * before - coefficient * last * before)) / (power * samples.length);
}

/** In so much of the sound, 100 ms each, a tone is looked for: longer ones do not survive a lost packet's jump of phase. */
const WINDOWS_A_SECOND = 10;
/** Of a window's power: two tones of unlike loudness may sound at once. */
const AUDIBLE = 0.2;

/** In how many windows of 100 ms a tone is heard, also beside another. Silent windows count for nothing. */
export function windowsWith(samples: Int16Array, hz: number, rate = 8_000): number {
  const length = rate / WINDOWS_A_SECOND;
  let found = 0;
  for (let at = 0; at + length <= samples.length; at += length)
    if (toneShare(samples.subarray(at, at + length), hz, rate) > AUDIBLE) found += 1;
  return found;
}

/** A tone, as loud as a voice. */
export function tone(hz: number, seconds: number, rate = 8_000, amplitude = 8_000): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, at) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * at) / rate)),
  );
}
