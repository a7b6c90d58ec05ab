/**
 * Plays the clip over and over through Media Source Extensions: a manifest, an init segment, and
 * media segments kept a few seconds ahead. A segment that does not come is asked for again; when
 * it stays away, the stream ends with the network error that any player would show.
 */
import type { Load } from './load.ts';
import { parseManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';

/** So much is kept ready. Seconds. */
const AHEAD = 6;
/** What was played is dropped after so long. Seconds. */
const BEHIND = 12;
const AGAIN_MS = 1500;
const TRIES = 8;
const LOOK_MS = 500;

export class Stream {
  readonly #video: HTMLVideoElement;
  readonly #base: string;
  readonly #load: Load;
  readonly #source = new MediaSource();
  readonly #address: string;
  #closed = false;

  /**
   * @param base where the clip lies, with a slash at the end
   */
  constructor(video: HTMLVideoElement, base: string, load: Load) {
    this.#video = video;
    this.#base = base;
    this.#load = load;
    this.#address = URL.createObjectURL(this.#source);
    this.#source.addEventListener('sourceopen', this.#opened);
    video.src = this.#address;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    URL.revokeObjectURL(this.#address);
  }

  readonly #opened = (): void => {
    this.#source.removeEventListener('sourceopen', this.#opened);
    this.#run().catch((error: unknown) => {
      if (this.#closed) return;
      console.warn('The stream ended', error);
      if (this.#source.readyState === 'open') this.#source.endOfStream('network');
    });
  };

  async #run(): Promise<void> {
    const manifest = await this.#again(async () => {
      const bytes = new Uint8Array(await this.#load(`${this.#base}clip.json`));
      return parseManifest(String.fromCharCode.apply(null, Array.from(bytes)));
    });
    const init = await this.#again(() => this.#load(this.#base + manifest.init));
    if (!this.#open()) return;
    const buffer = this.#source.addSourceBuffer(manifest.mimeType);
    await this.#append(buffer, init);
    for (let number = 0; this.#open(); number++) await this.#next(buffer, manifest, number);
  }

  async #next(buffer: SourceBuffer, manifest: Manifest, number: number): Promise<void> {
    const count = manifest.segments.length;
    const name = manifest.segments[number % count] as string;
    const bytes = await this.#again(() => this.#load(this.#base + name));
    if (!this.#open()) return;
    if (number % count === 0) buffer.timestampOffset = number * manifest.segmentSeconds;
    await this.#append(buffer, bytes);
    while (this.#open() && (number + 1) * manifest.segmentSeconds - this.#video.currentTime > AHEAD) {
      await wait(LOOK_MS);
    }
    if (this.#open() && this.#video.currentTime > BEHIND * 2) {
      buffer.remove(0, this.#video.currentTime - BEHIND);
      await this.#settled(buffer);
    }
  }

  async #append(buffer: SourceBuffer, bytes: ArrayBuffer): Promise<void> {
    buffer.appendBuffer(bytes);
    await this.#settled(buffer);
  }

  /** Resolves once the buffer took what it was given; damaged bytes end the stream with a decode error by themselves. */
  #settled(buffer: SourceBuffer): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        buffer.removeEventListener('updateend', done);
        resolve();
      };
      buffer.addEventListener('updateend', done);
    });
  }

  async #again<T>(attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (tries >= TRIES || this.#closed) throw error;
        await wait(AGAIN_MS);
      }
    }
  }

  #open(): boolean {
    return !this.#closed && this.#source.readyState === 'open';
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
