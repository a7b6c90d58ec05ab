/** What a telephone hears when several speak: the sum of all the others. It is never sent its own voice to begin with. */
import { linearTable, octetTable } from './g711.ts';
import { G722Decoder, G722Encoder } from './g722.ts';
import type { EdgeCodec } from './codec.ts';
import { Playout } from './playout.ts';

const LOUDEST = 32_767;
/** Octets of a packet that are decoded; 60 ms are 480. */
const MOST_OCTETS = 1_280;

interface Speaker {
  playout: Playout;
  decoder: G722Decoder | null;
}

/** Sums speakers for one listener; all of them and the listener have one codec, or a law of G.711 each. */
export class Mix {
  readonly wide: boolean;
  readonly #speakers = new Map<number, Speaker>();
  readonly #encoder: G722Encoder | null;
  readonly #sum: Int32Array;
  readonly #frame: Int16Array;
  readonly #decoded = new Int16Array(2 * MOST_OCTETS);

  /** @param wide whether it is of G.722, 16,000 samples a second, rather than of G.711, 8,000 */
  constructor(wide: boolean) {
    this.wide = wide;
    this.#encoder = wide ? new G722Encoder() : null;
    this.#sum = new Int32Array(wide ? 320 : 160);
    this.#frame = new Int16Array(this.#sum.length);
  }

  /** Says who speaks, all of them by their SSRC; whoever stays is not interrupted. */
  setSpeakers(ssrcs: readonly number[]): void {
    for (const ssrc of this.#speakers.keys()) if (!ssrcs.includes(ssrc)) this.#speakers.delete(ssrc);
    for (const ssrc of ssrcs) {
      if (this.#speakers.has(ssrc)) continue;
      const playout = new Playout(this.wide ? 16_000 : 8_000);
      this.#speakers.set(ssrc, { playout, decoder: this.wide ? new G722Decoder() : null });
    }
  }

  /** Takes a packet's payload. Of those who are no speakers, or have another codec, nothing is taken. */
  take(ssrc: number, timestamp: number, packet: Uint8Array, start: number, end: number, codec: EdgeCodec): void {
    const speaker = this.#speakers.get(ssrc);
    if (speaker === undefined || end - start > MOST_OCTETS || (codec === 'G722') !== this.wide) return;
    const samples = this.#decoded;
    if (codec === 'G722') {
      const count = speaker.decoder?.decode(packet, start, end, samples) ?? 0;
      // G.722 counts 8,000 ticks a second for its 16,000 samples (RFC 3551 4.5.2).
      speaker.playout.write(timestamp << 1, samples, count);
      return;
    }
    const table = linearTable(codec);
    for (let at = start; at < end; at += 1) samples[at - start] = table[packet[at] as number] as number;
    speaker.playout.write(timestamp, samples, end - start);
  }

  /** Encodes the next 20 ms, 160 octets, from `at` on. @param codec the listener's */
  frame(octets: Uint8Array, at: number, codec: EdgeCodec): void {
    const sum = this.#sum.fill(0);
    for (const { playout } of this.#speakers.values()) playout.addTo(sum);
    const frame = this.#frame;
    for (let sample = 0; sample < sum.length; sample += 1) {
      const value = sum[sample] as number;
      frame[sample] = value > LOUDEST ? LOUDEST : value < -LOUDEST ? -LOUDEST : value;
    }
    if (codec === 'G722') this.#encoder?.encode(frame, octets, at);
    else {
      const table = octetTable(codec);
      for (let sample = 0; sample < frame.length; sample += 1)
        octets[at + sample] = table[(frame[sample] as number) & 0xffff] as number;
    }
  }
}
