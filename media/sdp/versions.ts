import type { SdpDescription } from './description.ts';
import { printDescription } from './print.ts';

/**
 * Numbers what one side of a session writes: what differs from what it wrote last has the next version, and what does
 * not has the same. An offer that was withdrawn was written all the same (RFC 3264 8, RFC 8829 5.2.2).
 */
export class Versions {
  #version = 0;
  #last = '';

  /** Writes a description under its version, whatever version it says. */
  print(description: SdpDescription): string {
    const { origin } = description;
    const under = (version: number) => printDescription({ ...description, origin: { ...origin, version } });
    if (this.#version === 0 || under(this.#version) !== this.#last) this.#last = under((this.#version += 1));
    return this.#last;
  }
}
