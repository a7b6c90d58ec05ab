/** How loud a stream of G.711 is, by a sample of its packets. */
import { linearTable, type G711 } from './g711.ts';

/** Of so many packets one is measured. */
const EVERY = 8;
/** dBov of what is silent to 16 bits. */
const SILENT = -96;

export class LevelMeter {
  #packets = 0;
  #power = 0;
  #samples = 0;

  take(packet: Uint8Array, start: number, end: number, law: G711): void {
    this.#packets += 1;
    if (this.#packets % EVERY !== 1) return;
    const table = linearTable(law);
    for (let at = start; at < end; at += 1) this.#power += (table[packet[at] as number] as number) ** 2;
    this.#samples += end - start;
  }

  /** dBov since it was last asked; null where nothing was measured. */
  read(): number | null {
    const mean = this.#samples === 0 ? null : this.#power / this.#samples;
    this.#packets = 0;
    this.#power = 0;
    this.#samples = 0;
    if (mean === null) return null;
    return mean < 1 ? SILENT : Math.max(SILENT, 10 * Math.log10(mean / 32_768 ** 2));
  }
}
