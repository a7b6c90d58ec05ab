/** Time that passes when the test says so. */
import type { Clock, TimerHandle } from '../../../sip/engine/clock.ts';

interface Timer {
  at: number;
  order: number;
  fire: () => void;
}

/** A clock that a test turns by hand. Timers fire in the order of their time. */
export class HandClock implements Clock {
  #now = 1_750_000_000_000;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** Timers that are running. */
  get running(): number {
    return this.#timers.size;
  }

  now(): number {
    return this.#now;
  }

  start<T>(ms: number, fire: (subject: T) => void, subject: T): TimerHandle {
    const timer: Timer = { at: this.#now + ms, order: this.#order++, fire: () => fire(subject) };
    this.#timers.add(timer);
    return timer;
  }

  stop(timer: TimerHandle): void {
    this.#timers.delete(timer as Timer);
  }

  /** Lets so many milliseconds pass. */
  turn(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      let next: Timer | undefined;
      for (const timer of this.#timers) {
        if (timer.at > until) continue;
        if (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) next = timer;
      }
      if (!next) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
    this.#now = until;
  }
}
