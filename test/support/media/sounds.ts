/** Sounds for tests: WAV files, and what the service makes of them. */
import { encodeSound } from '../../../media/sounds/encode.ts';
import type { EncodedSound } from '../../../media/sounds/encodedSound.ts';
import { readSound, type SoundFrom } from '../../../media/sounds/readSound.ts';

/** As it is kept in the service, encoded where it is asked for. */
export async function soundOf(from: SoundFrom): Promise<EncodedSound> {
  return await encodeSound(await readSound(from));
}

/** A WAV file with these samples. */
export function wav(samples: Int16Array, rate: number, channels = 1, bits = 16): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
