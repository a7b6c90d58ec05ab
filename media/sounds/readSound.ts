/** What sounds are made of. */
import { readFile, stat } from 'node:fs/promises';
import { toneSamples, type Tone } from './tones.ts';
import { readWav, type Samples } from './wav.ts';

/** A WAV file, or a tone that is made. */
export type SoundFrom = { file: string } | { tone: Tone };

/** Ten minutes of 16 kHz in two channels are 38.4 million octets. */
const LARGEST_FILE = 40 * 1024 * 1024;

/** @throws Error what is wrong with the file, or the tone, and what would be right */
export async function readSound(from: SoundFrom): Promise<Samples> {
  if ('tone' in from) return toneSamples(from.tone);
  try {
    return readWav(await readBounded(from.file));
  } catch (error) {
    throw new Error(`${from.file} cannot be played. ${(error as Error).message}`, { cause: error });
  }
}

/** Nothing is read of what is too large, or is no file: a pipe would have no end. */
async function readBounded(path: string): Promise<Buffer> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error('This is no file.');
  if (found.size > LARGEST_FILE)
    throw new Error(`This file is larger than ${LARGEST_FILE / 1024 / 1024} MB. Cut it into several.`);
  return await readFile(path);
}
