import type { LegFailure } from './leg.ts';

const PATIENCE_MS = 30_000;

/** Waits for what is to come back to a leg, no longer than people do. */
export class Patience {
  readonly #ms: number;
  readonly #over: (why: LegFailure) => void;
  #timer: NodeJS.Timeout | null = null;

  /** @param over told why the leg cannot go on */
  constructor(ms: number | undefined, over: (why: LegFailure) => void) {
    this.#ms = ms ?? PATIENCE_MS;
    this.#over = over;
  }

  /** From now on, in the place of what was waited for. */
  wait(why: LegFailure): void {
    this.calm();
    this.#timer = setTimeout(() => this.#over(why), this.#ms).unref();
  }

  /** Nothing is waited for. */
  calm(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
