import type { Clock } from '../clock.ts';

export interface AdmissionLimits {
  /** Messages a second that one address may send on and on; for a moment it may send twice as many. */
  messagesPerAddress: number;
  /** Messages a second from all addresses together from which nothing was ever accepted. */
  messagesFromStrangers: number;
}

/**
 * Messages a second that a stranger may send while strangers together send too many; for a moment twice as many: an INVITE
 * and its answer to a challenge.
 */
const STRANGERS_PART = 2;
/** Addresses that are remembered; beyond it who was silent longest is forgotten. */
const MAX_ADDRESSES = 20_000;

/** A bucket of tokens: each message takes one, and they come back with time. */
interface Bucket {
  tokens: number;
  /** When the tokens were counted. */
  at: number;
}

/** What is remembered of an address. */
interface Sender extends Bucket {
  /** When it was last moved to the end of the list. */
  movedAt: number;
  /** Its part of what strangers share; undefined where something that came from it was accepted. */
  part: Bucket | undefined;
}

/**
 * Says which messages are read at all, so that a flood costs a lookup a message: each address has its share, and those
 * from which nothing was ever accepted share one among them. Who has registered, called or been called keeps getting
 * through while strangers flood. The last half of what strangers share is for those who send little, so that a caller whom
 * nobody knows yet gets through a flood from as many addresses as that has parts; only forged addresses are more.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #limits: AdmissionLimits;
  readonly #addresses = new Map<string, Sender>();
  readonly #strangers: Bucket;

  constructor(clock: Clock, limits: AdmissionLimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#strangers = full(limits.messagesFromStrangers, clock.now());
  }

  /** Addresses remembered. */
  get size(): number {
    return this.#addresses.size;
  }

  /**
   * Whether a message from this address is read.
   * @param expected whether it belongs to something of ours, which nobody else can know; asked of a stranger's at last
   */
  admit(address: string, expected: () => boolean): boolean {
    const now = this.#clock.now();
    const sender = this.#senderOf(address, now);
    if (!take(sender, this.#limits.messagesPerAddress, now)) return false;
    return !sender.part || this.#admitStranger(sender.part, now) || expected();
  }

  /** Something from this address was accepted by an application, or was what it had asked for. */
  accepted(address: string): void {
    this.#senderOf(address, this.#clock.now()).part = undefined;
  }

  #admitStranger(part: Bucket, now: number): boolean {
    const rate = this.#limits.messagesFromStrangers;
    const sendsLittle = take(part, STRANGERS_PART, now);
    fill(this.#strangers, rate, now);
    return (sendsLittle || this.#strangers.tokens > rate) && take(this.#strangers, rate, now);
  }

  #senderOf(address: string, now: number): Sender {
    let sender = this.#addresses.get(address);
    if (sender) {
      // Once a second it moves to the end, so that the first is who was silent longest.
      if (now - sender.movedAt < 1000) return sender;
      sender.movedAt = now;
      this.#addresses.delete(address);
    } else {
      sender = { ...full(this.#limits.messagesPerAddress, now), movedAt: now, part: full(STRANGERS_PART, now) };
      if (this.#addresses.size >= MAX_ADDRESSES) this.#forgetOne();
    }
    this.#addresses.set(address, sender);
    return sender;
  }

  /** Strangers first: a flood from forged addresses must not make us forget our callers. */
  #forgetOne(): void {
    let looked = 0;
    for (const [address, sender] of this.#addresses) {
      if (sender.part) {
        this.#addresses.delete(address);
        return;
      }
      // Known ones at the front move back, each at most once a round.
      this.#addresses.delete(address);
      this.#addresses.set(address, sender);
      looked++;
      if (looked >= 16) break;
    }
    const oldest = this.#addresses.keys().next().value;
    if (oldest !== undefined) this.#addresses.delete(oldest);
  }
}

function full(rate: number, now: number): Bucket {
  return { tokens: 2 * rate, at: now };
}

function fill(bucket: Bucket, rate: number, now: number): void {
  bucket.tokens = Math.min(2 * rate, bucket.tokens + (Math.max(0, now - bucket.at) * rate) / 1000);
  bucket.at = now;
}

function take(bucket: Bucket, rate: number, now: number): boolean {
  fill(bucket, rate, now);
  if (bucket.tokens < 1) return false;
  bucket.tokens--;
  return true;
}
