import type { LegQuality } from './leg.ts';

/** Measures a leg again and again until it is stopped; a measurement that fails is left out. */
export class StreamMeter {
  readonly #timer: NodeJS.Timeout;
  #busy = false;

  constructor(measure: () => Promise<LegQuality>, everyMs: number, tell: (quality: LegQuality) => void) {
    this.#timer = setInterval(() => {
      // A worker that is slow to answer is not asked twice at once.
      if (this.#busy) return;
      this.#busy = true;
      void measure()
        .then(tell, () => undefined)
        .finally(() => (this.#busy = false));
    }, everyMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
