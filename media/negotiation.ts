/** What a leg's offers have in common: one at a time, and asked for when what stands is not what is wanted. */
export class Negotiation<Offer> {
  readonly #needed: () => boolean;
  readonly #tell: () => void;
  #offered: Offer | null = null;
  /** It was told that an offer is needed, and none was begun since. */
  #asked = false;
  /** Offers that were begun and are not made yet: whatever is wanted by then is in them. */
  #coming = 0;

  /**
   * @param needed whether another offer would change anything
   * @param tell asks whoever owns the signalling for one
   */
  constructor(needed: () => boolean, tell: () => void) {
    this.#needed = needed;
    this.#tell = tell;
  }

  /** The offer that waits for its answer. */
  get offered(): Offer | null {
    return this.#offered;
  }

  /** An offer is asked for; `make` does it in its turn, and says so by `begin`. */
  async making<T>(make: () => Promise<T>): Promise<T> {
    this.#asked = false;
    this.#coming++;
    try {
      return await make();
    } finally {
      this.#coming--;
    }
  }

  begin(offer: Offer): void {
    this.#offered = offer;
  }

  /** It was answered. Whoever has taken in the answer calls `check`. */
  end(): void {
    this.#offered = null;
  }

  /** It is given up. What is needed still is asked for, unless another is made at once. */
  withdraw(): void {
    if (this.#offered === null) return;
    this.#offered = null;
    queueMicrotask(() => this.check());
  }

  /** The other end of the media is another by now: of what was told and offered nothing holds. */
  reset(): void {
    this.#offered = null;
    this.#asked = false;
  }

  /** Asks for an offer where one is needed. While one is under way its answer comes first; several reasons are one. */
  check(): void {
    if (this.#offered !== null || this.#coming > 0 || this.#asked || !this.#needed()) return;
    this.#asked = true;
    this.#tell();
  }
}
