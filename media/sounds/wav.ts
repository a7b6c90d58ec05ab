/** WAV files, as far as announcements need them: linear PCM of 16 bits at 8 or 16 kHz, one channel or two. */

/** Sound without a form of its own. */
export interface Samples {
  /** Hz */
  rate: 8_000 | 16_000;
  samples: Int16Array;
}

/** Ten minutes. */
const LONGEST_SECONDS = 600;

/**
 * Reads a WAV file. Two channels become one.
 * @throws Error what it is instead, and what it has to be
 */
export function readWav(file: Buffer): Samples {
  const wanted = 'Announcements are WAV files with linear PCM of 16 bits at 8000 or 16000 Hz.';
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error(`This is no WAV file. ${wanted}`);
  let format: { channels: number; rate: number } | null = null;
  for (let at = 12; at + 8 <= file.length;) {
    const name = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const body = at + 8;
    if (name === 'fmt ' && length >= 16 && body + 16 <= file.length) {
      const [tag, channels] = [file.readUInt16LE(body), file.readUInt16LE(body + 2)];
      const [rate, bits] = [file.readUInt32LE(body + 4), file.readUInt16LE(body + 14)];
      // 0xfffe is the long form of the same.
      if ((tag !== 1 && tag !== 0xfffe) || bits !== 16 || channels < 1 || channels > 2)
        throw new Error(`This file has format ${tag}, ${bits} bits and ${channels} channels. ${wanted}`);
      if (rate !== 8_000 && rate !== 16_000) throw new Error(`This file has ${rate} samples a second. ${wanted}`);
      format = { channels, rate };
    }
    // Writers that stream leave the length of the data open.
    if (name === 'data' && format !== null)
      return toSamples(file.subarray(body, Math.min(file.length, body + length)), format.channels, format.rate);
    at = body + length + (length % 2);
  }
  throw new Error(`This WAV file holds no sound. ${wanted}`);
}

function toSamples(data: Buffer, channels: number, rate: number): Samples {
  const count = Math.floor(data.length / (2 * channels));
  if (count > LONGEST_SECONDS * rate)
    throw new Error(`This file is longer than ${LONGEST_SECONDS / 60} minutes. Cut it into several.`);
  const samples = new Int16Array(count);
  for (let at = 0; at < count; at += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += data.readInt16LE(2 * (at * channels + channel));
    samples[at] = sum / channels;
  }
  return { rate: rate === 8_000 ? 8_000 : 16_000, samples };
}

/** Half-band low-pass of 47 taps, windowed after Blackman: what lies above 4 kHz is 50 dB down from 4.4 kHz on. */
const HALF = 23;
const LOW_PASS = Float64Array.from({ length: 2 * HALF + 1 }, (_, tap) => {
  const from = tap - HALF;
  const phase = (2 * Math.PI * (tap + 1)) / (2 * HALF + 2);
  const window = 0.42 - 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
  return (from === 0 ? 0.5 : Math.sin((Math.PI * from) / 2) / (Math.PI * from)) * window;
});

/** The same sound with another number of samples a second. */
export function resample(sound: Samples, rate: Samples['rate']): Int16Array {
  const { samples } = sound;
  if (sound.rate === rate) return samples;
  const down = rate === 8_000;
  const out = new Int16Array(down ? Math.floor(samples.length / 2) : samples.length * 2);
  for (let at = 0; at < out.length; at += 1) {
    let sum = 0;
    for (let tap = -HALF; tap <= HALF; tap += 1) {
      // Upwards, every second sample is a zero, and what is left is half as loud.
      const from = down ? 2 * at + tap : (at + tap) / 2;
      if (Number.isInteger(from)) sum += (LOW_PASS[tap + HALF] as number) * (samples[from] ?? 0);
    }
    const value = Math.round(down ? sum : 2 * sum);
    out[at] = Math.max(-32_768, Math.min(32_767, value));
  }
  return out;
}
