import type { Clock } from '../clock.ts';

export interface AdmissionLimits {
  /** Messages a second that one address may send on and on; for a moment it may send twice as many. */
  messagesPerAddress: number;
  /** Messages a second from all addresses together from which nothing was ever accepted. */
  messagesFromStrangers: number;
}

/** Addresses that are remembered; beyond it who was silent longest is forgotten. */
const MAX_ADDRESSES = 20_000;

/** A bucket of tokens: each message takes one, and they come back with time. */
interface Bucket {
  tokens: number;
  /** When the tokens were counted. */
  at: number;
  /** When it was last moved to the end of the list. */
  movedAt: number;
  /** Something that came from it was accepted. */
  known: boolean;
}

/**
 * Says which messages are read at all, so that a flood costs a lookup a message: each address has its share, and those
 * from which nothing was ever accepted share one among them. Who has registered or called keeps getting through while
 * strangers flood.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #limits: AdmissionLimits;
  readonly #addresses = new Map<string, Bucket>();
  readonly #strangers: Bucket;

  constructor(clock: Clock, limits: AdmissionLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#strangers = { tokens: 2 * limits.messagesFromStrangers, at: clock.now(), movedAt: 0, known: false };
  }

  /** Addresses remembered. */
  get size(): number {
    return this.#addresses.size;
  }

  /** Whether a message from this address is read. */
  admit(address: string): boolean {
    const now = this.#clock.now();
    const bucket = this.#bucketOf(address, now);
    if (!take(bucket, this.#limits.messagesPerAddress, now)) return false;
    return bucket.known || take(this.#strangers, this.#limits.messagesFromStrangers, now);
  }

  /** Something from this address was accepted by an application. */
  accepted(address: string): void {
    this.#bucketOf(address, this.#clock.now()).known = true;
  }

  #bucketOf(address: string, now: number): Bucket {
    let bucket = this.#addresses.get(address);
    if (bucket) {
      // Once a second it moves to the end, so that the first is who was silent longest.
      if (now - bucket.movedAt < 1000) return bucket;
      bucket.movedAt = now;
      this.#addresses.delete(address);
    } else {
      bucket = { tokens: 2 * this.#limits.messagesPerAddress, at: now, movedAt: now, known: false };
      if (this.#addresses.size >= MAX_ADDRESSES) this.#forgetOne();
    }
    this.#addresses.set(address, bucket);
    return bucket;
  }

  /** Strangers first: a flood from forged addresses must not make us forget our callers. */
  #forgetOne(): void {
    let looked = 0;
    for (const [address, bucket] of this.#addresses) {
      if (!bucket.known) {
        this.#addresses.delete(address);
        return;
      }
      // Known ones at the front move back, each at most once a round.
      this.#addresses.delete(address);
      this.#addresses.set(address, bucket);
      looked++;
      if (looked >= 16) break;
    }
    const oldest = this.#addresses.keys().next().value;
    if (oldest !== undefined) this.#addresses.delete(oldest);
  }
}

function take(bucket: Bucket, rate: number, now: number): boolean {
  bucket.tokens = Math.min(2 * rate, bucket.tokens + (Math.max(0, now - bucket.at) * rate) / 1000);
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens--;
  return true;
}
