/** Steps of a story with their times, told as they are done. */
export class Stopwatch {
  readonly steps: { name: string; ms: number }[] = [];
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** Does a step. @throws Error naming the step that did not succeed; its cause is kept */
  async step<T>(name: string, act: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      const result = await act();
      const ms = performance.now() - began;
      this.steps.push({ name, ms });
      this.#tell(`✓ ${name}  ${(ms / 1000).toFixed(2)} s`);
      return result;
    } catch (error) {
      this.#tell(`✗ ${name}  ${((performance.now() - began) / 1000).toFixed(2)} s`);
      throw new Error(`"${name}" did not succeed.`, { cause: error });
    }
  }
}
