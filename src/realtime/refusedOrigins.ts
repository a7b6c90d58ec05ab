/** Origins that were refused, told to whoever runs the service: a page of theirs says "Not connected" and no more. */

const AGAIN_AFTER_MS = 60_000;
/** In a minute. Whoever invents origins fills neither the memory nor the log. */
const MOST = 20;
const LONGEST = 200;

export class RefusedOrigins {
  readonly #log: { warn(fields: object, message: string): void };
  /** When each was told, in milliseconds; the earliest first. */
  readonly #told = new Map<string, number>();

  constructor(log: { warn(fields: object, message: string): void }) {
    this.#log = log;
  }

  /**
   * Logs an origin once a minute.
   * @param now milliseconds that only ever grow
   */
  refused(origin: string, now: number): void {
    for (const [told, at] of this.#told) {
      if (now - at < AGAIN_AFTER_MS) break;
      this.#told.delete(told);
    }
    const name = origin.slice(0, LONGEST);
    if (this.#told.has(name) || this.#told.size >= MOST) return;
    this.#told.set(name, now);
    this.#log.warn(
      { origin: name, setting: 'ALLOWED_ORIGINS' },
      'A page of this origin was refused. If it is yours, add the origin to ALLOWED_ORIGINS.',
    );
  }
}
