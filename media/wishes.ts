import { isDeepStrictEqual } from 'node:util';
import type { AudioCodec } from './leg.ts';
import { isSame, type Seat } from './sectionPlan.ts';

/** What an offer to a browser is made for. */
export interface Wish {
  codec: AudioCodec;
  /** Whether the service holds the peer. */
  held: boolean;
  /** Our end of the transport, by its ICE session. */
  ufrag: string;
  /** Whoever is to be seen or heard. */
  seats: readonly Seat[];
}

/** What was wished of a browser, and what became of it: whether another offer would change anything. */
export class Wishes {
  #agreed: Wish | null = null;
  /** Who was offered a section, which the peer rejected. */
  #rejected: readonly Seat[] = [];
  /** Of the last offers that were withdrawn. After two for the same, nobody is asked for a third. */
  #inVain: readonly Wish[] = [];

  /** What was agreed on last; null before anything was. */
  get agreed(): Wish | null {
    return this.#agreed;
  }

  agree(wish: Wish): void {
    this.#agreed = wish;
    this.#inVain = [];
  }

  /** @param seatless who has no section by what was agreed on */
  settle(seatless: readonly Seat[]): void {
    this.#rejected = seatless.filter((one) => this.#agreed?.seats.some((other) => isSame(one, other)));
  }

  withdraw(wish: Wish): void {
    this.#inVain = [...this.#inVain.slice(-1), wish];
  }

  /** Our end of the transport is gone under an offer: even if it was the first, the peer has it, and waits. */
  lose(wish: Wish): void {
    this.#agreed ??= { ...wish, ufrag: '' };
  }

  /**
   * Whether what was agreed on falls short of what is wished. Before the first offer there is nothing to change.
   * @param seatless who of them has no section
   */
  fallShort(wish: Wish, seatless: readonly Seat[]): boolean {
    if (this.#agreed === null) return false;
    if (this.#inVain.length > 1 && this.#inVain.every((one) => isDeepStrictEqual(one, wish))) return false;
    const { codec, held, ufrag } = this.#agreed;
    if (codec !== wish.codec || held !== wish.held || ufrag !== wish.ufrag) return true;
    return seatless.some((one) => !this.#rejected.some((other) => isSame(one, other)));
  }
}
