/** Sounds to be played: read, resampled and encoded once, however many legs hear them. */
import { readFile } from 'node:fs/promises';
import { octetTable, SILENCE } from './g711.ts';
import { encodeG722, G722_SILENCE } from './g722.ts';
import { FRAME_OCTETS, type EdgeCodec } from './codec.ts';
import { toneSamples, type Tone } from './tones.ts';
import { readWav, resample, type Samples } from './wav.ts';

const MOST_SOUNDS = 500;
const LARGEST_FILE = 40 * 1024 * 1024;

/** What one is made of. */
export type SoundFrom = { file: string } | { tone: Tone };

/** The sounds of one edge, by name. */
export class Sounds {
  readonly #sounds = new Map<string, { samples: Samples; encoded: Map<EdgeCodec, Buffer> }>();

  /**
   * Keeps a sound under a name; an earlier one of that name goes on where it is being played.
   * @throws Error what is wrong with the file
   */
  async load(name: string, from: SoundFrom): Promise<void> {
    if (this.#sounds.size >= MOST_SOUNDS && !this.#sounds.has(name))
      throw new Error(`The edge keeps at most ${MOST_SOUNDS} sounds.`);
    const samples = 'tone' in from ? toneSamples(from.tone) : await readSound(from.file);
    this.#sounds.set(name, { samples, encoded: new Map() });
  }

  has(name: string): boolean {
    return this.#sounds.has(name);
  }

  /** A sound's octets, in whole frames; null where there is none of that name. */
  octets(name: string, codec: EdgeCodec): Buffer | null {
    const sound = this.#sounds.get(name);
    if (sound === undefined) return null;
    let octets = sound.encoded.get(codec);
    if (octets === undefined) {
      octets = encode(sound.samples, codec);
      sound.encoded.set(codec, octets);
    }
    return octets;
  }
}

async function readSound(path: string): Promise<Samples> {
  const file = await readFile(path);
  if (file.length > LARGEST_FILE) throw new Error(`${path} is larger than ${LARGEST_FILE / 1024 / 1024} MB.`);
  try {
    return readWav(file);
  } catch (error) {
    throw new Error(`${path} cannot be played. ${(error as Error).message}`, { cause: error });
  }
}

function encode(sound: Samples, codec: EdgeCodec): Buffer {
  const octets = codec === 'G722' ? encodeG722(resample(sound, 16_000)) : encodeG711(resample(sound, 8_000), codec);
  const silence = codec === 'G722' ? G722_SILENCE : SILENCE[codec];
  const whole = Buffer.alloc(Math.max(1, Math.ceil(octets.length / FRAME_OCTETS)) * FRAME_OCTETS, silence);
  whole.set(octets);
  return whole;
}

function encodeG711(samples: Int16Array, law: 'PCMU' | 'PCMA'): Uint8Array {
  const table = octetTable(law);
  return Uint8Array.from(samples, (sample) => table[sample & 0xffff] as number);
}
