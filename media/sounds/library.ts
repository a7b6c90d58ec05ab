/** The sounds of a service, by name: read and encoded once, however many hear them, and kept for as long as it runs. */
import { Worker } from 'node:worker_threads';
import { Serial } from '../serial.ts';
import type { EncodedSound } from './encodedSound.ts';
import type { Encoded } from './encoderThread.ts';
import type { SoundFrom } from './readSound.ts';

/** About 29 kB a second: 105 MB. */
const MOST_MINUTES = 60;
const FRAMES_A_MINUTE = 3_000;
const MOST_SOUNDS = 500;

type Sounds = ReadonlyMap<string, EncodedSound>;

export class SoundLibrary {
  readonly #mostMinutes: number;
  readonly #work = new Serial();
  #sounds: Sounds = new Map();
  #thread: Worker | null = null;
  #closed = false;

  /** @param mostMinutes of all sounds together */
  constructor(mostMinutes = MOST_MINUTES) {
    this.#mostMinutes = mostMinutes;
  }

  /** All that there are. */
  get sounds(): Sounds {
    return this.#sounds;
  }

  /**
   * Keeps sounds under their names: all of them, or none. An earlier one of a name goes on where it is being played.
   * They are encoded in a thread of their own, one after the other, which takes seconds for minutes of sound.
   * @throws Error what is wrong with which, and what would be right
   */
  load(sounds: Readonly<Record<string, SoundFrom>>): Promise<void> {
    return this.#work.run(async () => {
      const names = new Set([...this.#sounds.keys(), ...Object.keys(sounds)]);
      if (names.size > MOST_SOUNDS) throw new Error(`At most ${MOST_SOUNDS} sounds are kept. Load fewer.`);
      this.#sounds = await this.#encode(sounds);
    });
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#thread?.terminate();
  }

  /** @returns what there is, with these */
  async #encode(sounds: Readonly<Record<string, SoundFrom>>): Promise<Sounds> {
    if (this.#closed) throw new Error('No sounds are loaded any more: the service is stopping.');
    const all = new Map(this.#sounds);
    const thread = new Worker(new URL('./encoderThread.ts', import.meta.url), { workerData: sounds, name: 'sounds' });
    this.#thread = thread;
    try {
      return await new Promise((resolve, reject) => {
        const waiting = new Set(Object.keys(sounds));
        thread.on('message', (encoded: Encoded) => {
          if ('refusal' in encoded) return reject(new Error(encoded.refusal));
          all.set(encoded.name, encoded.sound);
          waiting.delete(encoded.name);
          const frames = [...all.values()].reduce((sum, sound) => sum + sound.frames, 0);
          if (frames > this.#mostMinutes * FRAMES_A_MINUTE)
            reject(new Error(`At most ${this.#mostMinutes} minutes of sound are kept. Load fewer, or shorter ones.`));
        });
        thread.once('error', reject);
        // What was told before has been heard by then.
        thread.once('exit', () => {
          if (waiting.size === 0) resolve(all);
          else reject(new Error(`The sounds ${[...waiting].join(', ')} were not encoded: their thread ended.`));
        });
      });
    } finally {
      this.#thread = null;
      await thread.terminate();
    }
  }
}
