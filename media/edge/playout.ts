/** What one speaker of a mix says, put in order: a ring of samples that packets are written into and beats read from. */
import { timestampAfter } from './rtp.ts';

/** The ring holds 512 ms. */
const RING_MS = 512;
/** What is kept back so that packets may come late; at first, and again after each silence. */
const DELAY_MS = 40;
/** With more than this waiting, the sender's clock is faster than ours, or the network held them up: we catch up. */
const MOST_MS = 160;

/** One speaker's samples. */
export class Playout {
  readonly #ring: Int16Array;
  readonly #mask: number;
  readonly #delay: number;
  readonly #most: number;
  /** Number of the next sample to be read. Numbers are 32 bits and go round. */
  #next = 0;
  /** Number behind the newest sample. */
  #newest = 0;
  #playing = false;

  /** @param rate samples a second, 8,000 or 16,000 */
  constructor(rate: number) {
    this.#ring = new Int16Array((RING_MS * rate) / 1000);
    this.#mask = this.#ring.length - 1;
    this.#delay = (DELAY_MS * rate) / 1000;
    this.#most = (MOST_MS * rate) / 1000;
  }

  /** Writes a packet's samples. @param number of the first of them */
  write(number: number, samples: Int16Array, count: number): void {
    if (count > this.#ring.length / 2) return;
    let ahead = timestampAfter(number, this.#next);
    if (!this.#playing || Math.abs(ahead) > this.#ring.length - count) {
      this.#begin(number);
      ahead = this.#delay;
    }
    for (let sample = Math.max(0, -ahead); sample < count; sample += 1)
      this.#ring[(number + sample) & this.#mask] = samples[sample] as number;
    const behind = (number + count) | 0;
    if (timestampAfter(behind, this.#newest) > 0) this.#newest = behind;
    const waiting = timestampAfter(this.#newest, this.#next);
    if (waiting > this.#most) this.#forget(waiting - this.#delay);
  }

  /** Adds the next samples to a sum. @returns false while there is nothing to hear */
  addTo(sum: Int32Array): boolean {
    if (!this.#playing) return false;
    if (timestampAfter(this.#newest, this.#next) <= 0) {
      // Silence: whoever begins anew is kept back anew.
      this.#playing = false;
      return false;
    }
    for (let sample = 0; sample < sum.length; sample += 1) {
      const at = (this.#next + sample) & this.#mask;
      sum[sample] = (sum[sample] as number) + (this.#ring[at] as number);
      this.#ring[at] = 0;
    }
    this.#next = (this.#next + sum.length) | 0;
    return true;
  }

  #begin(number: number): void {
    this.#ring.fill(0);
    this.#next = (number - this.#delay) | 0;
    this.#newest = number | 0;
    this.#playing = true;
  }

  #forget(samples: number): void {
    for (let sample = 0; sample < samples; sample += 1) this.#ring[(this.#next + sample) & this.#mask] = 0;
    this.#next = (this.#next + samples) | 0;
  }
}
