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

/** A tone, as loud as a voice. */
export function tone(hz: number, seconds: number, rate = 8_000, amplitude = 8_000): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * rate) }, (_, at) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hz * at) / rate)),
  );
}
