/** So many a second, and as many again in a burst. */
export class RateLimit {
  readonly #perMs: number;
  readonly #most: number;
  #tokens: number;
  #at = 0;

  constructor(perSecond: number) {
    this.#perMs = perSecond / 1000;
    this.#most = perSecond;
    this.#tokens = perSecond;
  }

  /** @param now milliseconds of a clock that does not go back @returns false for one too many */
  take(now: number): boolean {
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#perMs);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
