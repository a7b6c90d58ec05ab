/** How much later than asked for a timer may fire, in milliseconds. */
const TICK_MS = 500;

/** A timer of `CoarseTimers`. */
export class CoarseTimer {
  #fire: ((subject: never) => void) | undefined;
  #subject: unknown;

  constructor(fire: (subject: never) => void, subject: unknown) {
    this.#fire = fire;
    this.#subject = subject;
  }

  /** Harmless when stopped or fired. What it was for is let go at once. */
  stop(): void {
    this.#fire = undefined;
    this.#subject = undefined;
  }

  /** Fires, unless it was stopped. */
  ring(): void {
    const fire = this.#fire;
    const subject = this.#subject as never;
    this.stop();
    fire?.(subject);
  }
}

/**
 * Timers that fire up to half a second late, all of one half second together. Every call leaves timers of half a minute
 * behind; one at a time, each would wake a process that had nothing else to do.
 */
export class CoarseTimers {
  /** By the tick in which they fire. */
  readonly #ticks = new Map<number, CoarseTimer[]>();
  /** The first tick that has not fired yet. */
  #next = 0;
  #timeout: NodeJS.Timeout | undefined;
  readonly #rings = () => {
    this.#ring();
  };

  /** @param ms milliseconds */
  start<T>(ms: number, fire: (subject: T) => void, subject: T): CoarseTimer {
    const timer = new CoarseTimer(fire, subject);
    const now = performance.now();
    if (!this.#timeout) {
      this.#next = Math.ceil(now / TICK_MS);
      this.#await();
    }
    // Never the tick that is firing just now.
    const tick = Math.max(this.#next + 1, Math.ceil((now + ms) / TICK_MS));
    const others = this.#ticks.get(tick);
    if (others) others.push(timer);
    else this.#ticks.set(tick, [timer]);
    return timer;
  }

  /** Fires what is due; within a tick the last that was started fires first. */
  #ring(): void {
    const now = Math.floor(performance.now() / TICK_MS);
    try {
      for (; this.#next <= now; this.#next++) {
        const due = this.#ticks.get(this.#next);
        // One that throws is gone already, and the others fire next time.
        for (let timer = due?.pop(); timer; timer = due?.pop()) timer.ring();
        this.#ticks.delete(this.#next);
      }
    } finally {
      this.#timeout = undefined;
      if (this.#ticks.size > 0) this.#await();
    }
  }

  #await(): void {
    const ms = this.#next * TICK_MS - performance.now();
    this.#timeout = setTimeout(this.#rings, Math.max(1, Math.ceil(ms))).unref();
  }
}
