/** Does one thing after another, each when the one before has ended, well or badly. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns what `work` returns or throws */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }
}
