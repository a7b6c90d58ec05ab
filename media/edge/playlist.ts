import { FRAME_OCTETS, type EdgeCodec } from './codec.ts';
import type { Sounds } from './sounds.ts';

/** Sounds that follow each other, once or for ever, a frame of 20 ms at a time. */
export class Playlist {
  /** Told when it ends. */
  readonly id: number;
  readonly #sounds: Sounds;
  readonly #names: readonly string[];
  readonly #loop: boolean;
  #index = 0;
  #at = 0;

  /** @param names of sounds that are there */
  constructor(id: number, sounds: Sounds, names: readonly string[], loop: boolean) {
    this.id = id;
    this.#sounds = sounds;
    this.#names = names;
    this.#loop = loop;
  }

  /** The next 20 ms. @returns the octets they begin at, and where; null at the end */
  next(codec: EdgeCodec): { octets: Buffer; at: number } | null {
    const name = this.#names[this.#index];
    const octets = name === undefined ? null : this.#sounds.octets(name, codec);
    if (octets === null) return null;
    const at = this.#at;
    if (at >= octets.length) return null;
    this.#at += FRAME_OCTETS;
    if (this.#at >= octets.length) {
      this.#at = 0;
      this.#index += 1;
      if (this.#index === this.#names.length && this.#loop) this.#index = 0;
    }
    return { octets, at };
  }
}
