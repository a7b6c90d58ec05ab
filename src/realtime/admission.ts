/** Who may open a WebSocket: so many in all, so many from one network, and so many new ones a second from it. */
import { networkOf } from '../registration/address.ts';
import { Buckets } from './buckets.ts';

/** 0 stands for no limit. Many TVs share one address: a hotel's, or a carrier's. */
export interface ConnectionLimits {
  /** Live connections in all. */
  max: number;
  /** Live connections from one address. */
  perAddress: number;
  /** New connections a second from one address in the long run; ten seconds' worth may come at once. */
  ratePerAddress: number;
}

/** Why a connection was not admitted. */
export type NotAdmitted = 'full' | 'address' | 'rate';

const BURST_SECONDS = 10;

export class Admission {
  readonly #limits: ConnectionLimits;
  readonly #attempts: Buckets;
  readonly #live = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#attempts = new Buckets({ burst: limits.ratePerAddress * BURST_SECONDS, perSecond: limits.ratePerAddress });
  }

  /**
   * Counts a connection in, unless that is too many.
   * @param now milliseconds
   * @returns null when it is admitted; then `release` follows when it is gone
   */
  admit(address: string, now: number): NotAdmitted | null {
    const { max, perAddress, ratePerAddress } = this.#limits;
    const network = networkOf(address);
    if (ratePerAddress > 0 && !this.#attempts.take(network, now)) return 'rate';
    if (max > 0 && this.#total >= max) return 'full';
    const live = this.#live.get(network) ?? 0;
    if (perAddress > 0 && live >= perAddress) return 'address';
    this.#live.set(network, live + 1);
    this.#total += 1;
    return null;
  }

  /** Counts out a connection that was admitted. */
  release(address: string): void {
    const network = networkOf(address);
    const live = (this.#live.get(network) ?? 0) - 1;
    if (live > 0) this.#live.set(network, live);
    else this.#live.delete(network);
    this.#total -= 1;
  }

  sweep(now: number): void {
    this.#attempts.sweep(now);
  }
}
