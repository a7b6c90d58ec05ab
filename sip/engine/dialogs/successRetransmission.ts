import type { Clock, TimerHandle } from '../clock.ts';
import type { TransactionTimers } from '../transactions/timers.ts';

/** Gets what a 2xx that waits for its ACK needs. */
export interface SuccessOwner {
  /** Sends the 2xx once more. */
  repeatSuccess(): void;
  /** 64*T1 have passed: the session is to be ended with a BYE (13.3.1.4). */
  neverAcknowledged(): void;
}

/**
 * A 2xx to an INVITE is repeated by who sent it until the ACK comes, whatever the transport: T1 after the first
 * time, then after twice the time before, up to T2 (RFC 3261 13.3.1.4).
 */
export class SuccessRetransmission {
  readonly #owner: SuccessOwner;
  readonly #clock: Clock;
  readonly #timers: TransactionTimers;
  #interval: number;
  #elapsed = 0;
  #timer: TimerHandle;

  constructor(owner: SuccessOwner, clock: Clock, timers: TransactionTimers) {
    this.#owner = owner;
    this.#clock = clock;
    this.#timers = timers;
    this.#interval = timers.t1;
    this.#timer = clock.start(this.#interval, fire, this);
  }

  /** The ACK came, or the dialog ended. Harmless when stopped. */
  stop(): void {
    this.#clock.stop(this.#timer);
  }

  /** The ACK did not come in time: repeats the 2xx, or gives up. */
  late(): void {
    this.#elapsed += this.#interval;
    const left = 64 * this.#timers.t1 - this.#elapsed;
    if (left <= 0) {
      this.#owner.neverAcknowledged();
      return;
    }
    this.#owner.repeatSuccess();
    this.#interval = Math.min(2 * this.#interval, this.#timers.t2, left);
    this.#timer = this.#clock.start(this.#interval, fire, this);
  }
}

function fire(retransmission: SuccessRetransmission): void {
  retransmission.late();
}
