/**
 * Token buckets, one a key: a burst at once, and so many a second in the long run. They fill by
 * looking at the time that passed, so that no key costs a timer, and those that are full again
 * are forgotten.
 */
export interface BucketLimit {
  burst: number;
  perSecond: number;
}

export class Buckets {
  readonly #limit: BucketLimit;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(limit: BucketLimit) {
    this.#limit = limit;
  }

  /** Keys that have not filled up again. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Takes one of the key's tokens.
   * @param now milliseconds
   * @returns false when there is none left
   */
  take(key: string, now: number): boolean {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      this.#buckets.set(key, { tokens: this.#limit.burst - 1, at: now });
      return this.#limit.burst >= 1;
    }
    bucket.tokens = this.#filled(bucket, now);
    bucket.at = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Whether there is a token left to take. */
  has(key: string, now: number): boolean {
    const bucket = this.#buckets.get(key);
    return (bucket === undefined ? this.#limit.burst : this.#filled(bucket, now)) >= 1;
  }

  /** Forgets the keys whose buckets are full: a new one is no different. */
  sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) {
      if (this.#filled(bucket, now) >= this.#limit.burst) this.#buckets.delete(key);
    }
  }

  #filled({ tokens, at }: { tokens: number; at: number }, now: number): number {
    // A clock set back fills nothing; it takes nothing either.
    const passed = Math.max(0, now - at);
    return Math.min(this.#limit.burst, tokens + (passed / 1000) * this.#limit.perSecond);
  }
}
