import type { AudioCodec } from '../leg.ts';
import { frameOf, type EncodedSound } from '../sounds/encodedSound.ts';

/** Sounds that follow each other, once or for ever, a frame of 20 ms at a time. */
export class Playlist {
  /** Told when it ends. */
  readonly id: number;
  readonly #sounds: readonly EncodedSound[];
  readonly #loop: boolean;
  #index = 0;
  #frame = 0;

  constructor(id: number, sounds: readonly EncodedSound[], loop: boolean) {
    this.id = id;
    this.#sounds = sounds;
    this.#loop = loop;
  }

  /** The next 20 ms, in whatever codec they are wanted by then; null at the end. */
  next(codec: AudioCodec): Uint8Array | null {
    const sound = this.#sounds[this.#index];
    if (sound === undefined) return null;
    const frame = frameOf(sound, codec, this.#frame);
    this.#frame += 1;
    if (this.#frame === sound.frames) {
      this.#frame = 0;
      this.#index += 1;
      if (this.#index === this.#sounds.length && this.#loop) this.#index = 0;
    }
    return frame;
  }
}
