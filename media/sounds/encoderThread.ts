/** Reads and encodes sounds in a thread of its own, and ends: neither the service nor telephones wait for it. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodeSound } from './encode.ts';
import type { EncodedSound } from './encodedSound.ts';
import { readSound, type SoundFrom } from './readSound.ts';

/** What it tells of each, in the order in which they were named. After a refusal it ends. */
export type Encoded = { name: string; sound: EncodedSound } | { refusal: string };

async function encodeAll(port: NonNullable<typeof parentPort>, sounds: Readonly<Record<string, SoundFrom>>) {
  for (const [name, from] of Object.entries(sounds)) {
    try {
      port.postMessage({ name, sound: await encodeSound(await readSound(from)) } satisfies Encoded);
    } catch (error) {
      return port.postMessage({ refusal: (error as Error).message } satisfies Encoded);
    }
  }
}

if (parentPort !== null) void encodeAll(parentPort, workerData as Record<string, SoundFrom>);
