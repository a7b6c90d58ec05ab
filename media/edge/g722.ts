/**
 * G.722 at 64 kbit/s (ITU-T G.722): two sub-bands, each an adaptive predictor and quantizer. Names in capitals are the
 * blocks of the Recommendation's clause 6. One octet is two samples of 16,000 a second.
 */

/** An octet that decodes to near silence. */
export const G722_SILENCE = 0xfa;

const QMF = [3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11];
const Q6 = [
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
  1458, 1612, 1765, 1980, 2195, 2557, 2919,
];
const QM2 = [-7408, -1616, 7408, 1616];
const QM4 = [0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0];
const QM6 = [
  -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
  -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728, 24808,
  21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456, 4944, 4464, 4008,
  3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
];
const WL = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const RL42 = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];
const WH = [0, -214, 798];
const RH2 = [2, 1, 2, 1];
const ILB = [
  2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025,
  3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
];

/** Encodes sound of 16,000 samples a second. @returns an octet for every two */
export function encodeG722(samples: Int16Array): Uint8Array {
  const octets = new Uint8Array(samples.length >> 1);
  new G722Encoder().encode(samples, octets, 0);
  return octets;
}

/** One sound being encoded; it remembers what came before. */
export class G722Encoder {
  readonly #low = new Band(32);
  readonly #high = new Band(8);
  readonly #history = new Int32Array(24);

  /** Encodes whole pairs of samples into `octets` from `at` on. */
  encode(samples: Int16Array, octets: Uint8Array, at: number): void {
    const history = this.#history;
    for (let sample = 0; sample + 1 < samples.length; sample += 2, at += 1) {
      history.copyWithin(0, 2);
      history[22] = samples[sample] as number;
      history[23] = samples[sample + 1] as number;
      let [odd, even] = [0, 0];
      for (let tap = 0; tap < 12; tap += 1) {
        odd += tableAt(history, 2 * tap) * tableAt(QMF, tap);
        even += tableAt(history, 2 * tap + 1) * tableAt(QMF, 11 - tap);
      }
      octets[at] = (this.#encodeHigh((even - odd) >> 14) << 6) | this.#encodeLow((even + odd) >> 14);
    }
  }

  #encodeLow(value: number): number {
    const band = this.#low;
    const error = saturate(value - band.predicted);
    const magnitude = error >= 0 ? error : -(error + 1);
    // QUANTL
    let level = 1;
    while (level < 30 && magnitude >= (tableAt(Q6, level) * band.scale) >> 12) level += 1;
    const code = error >= 0 ? 62 - level : level < 3 ? 64 - level : 34 - level;
    adaptLow(band, code >> 2);
    return code;
  }

  #encodeHigh(value: number): number {
    const band = this.#high;
    const error = saturate(value - band.predicted);
    const magnitude = error >= 0 ? error : -(error + 1);
    // QUANTH
    const far = magnitude >= (564 * band.scale) >> 12;
    const code = error >= 0 ? (far ? 2 : 3) : far ? 0 : 1;
    adaptHigh(band, code);
    return code;
  }
}

/** One sound being decoded; it remembers what came before. */
export class G722Decoder {
  readonly #low = new Band(32);
  readonly #high = new Band(8);
  readonly #history = new Int32Array(24);

  /** Decodes octets into samples of 16,000 a second, two an octet. @returns how many */
  decode(octets: Uint8Array, start: number, end: number, samples: Int16Array): number {
    const { 0: low, 1: high, 2: history } = [this.#low, this.#high, this.#history] as const;
    let out = 0;
    for (let at = start; at < end; at += 1) {
      const octet = octets[at] as number;
      const code = octet & 0x3f;
      const lowValue = limit(low.predicted + ((low.scale * tableAt(QM6, code)) >> 15));
      adaptLow(low, code >> 2);
      const highCode = octet >> 6;
      const highValue = limit(high.predicted + ((high.scale * tableAt(QM2, highCode)) >> 15));
      adaptHigh(high, highCode);
      history.copyWithin(0, 2);
      history[22] = lowValue + highValue;
      history[23] = lowValue - highValue;
      let [first, second] = [0, 0];
      for (let tap = 0; tap < 12; tap += 1) {
        second += tableAt(history, 2 * tap) * tableAt(QMF, tap);
        first += tableAt(history, 2 * tap + 1) * tableAt(QMF, 11 - tap);
      }
      samples[out] = saturate(first >> 11);
      samples[out + 1] = saturate(second >> 11);
      out += 2;
    }
    return out;
  }
}

/** The predictor and quantizer of a sub-band. */
class Band {
  /** The quantizer's scale factor, and its logarithm. */
  scale: number;
  logScale = 0;
  /** What is expected next. */
  predicted = 0;
  readonly #poles = new Int32Array(3);
  readonly #zeros = new Int32Array(7);
  readonly #differences = new Int32Array(7);
  #zeroPart = 0;
  #reconstructed1 = 0;
  #reconstructed2 = 0;
  #partial1 = 0;
  #partial2 = 0;

  constructor(scale: number) {
    this.scale = scale;
  }

  /** LOGSCL and SCALEL, or LOGSCH and SCALEH. */
  rescale(step: number, most: number, shift: number): void {
    this.logScale = Math.min(most, Math.max(0, ((this.logScale * 127) >> 7) + step));
    const mantissa = tableAt(ILB, (this.logScale >> 6) & 31);
    const exponent = shift - (this.logScale >> 11);
    this.scale = (exponent < 0 ? mantissa << -exponent : mantissa >> exponent) << 2;
  }

  /** Learns from a difference that was sent, and predicts the next value. */
  adapt(difference: number): void {
    const { 0: a, 1: b, 2: d } = [this.#poles, this.#zeros, this.#differences] as const;
    // RECONS, PARREC
    const reconstructed = saturate(this.predicted + difference);
    const partial = saturate(this.#zeroPart + difference);
    const sign = partial >> 15;
    const same1 = sign === this.#partial1 >> 15;
    const same2 = sign === this.#partial2 >> 15;
    // UPPOL2
    const steep = saturate(tableAt(a, 1) << 2);
    const turned = Math.min(32_767, same1 ? -steep : steep);
    const pole2 = clamp((same2 ? 128 : -128) + (turned >> 7) + ((tableAt(a, 2) * 32_512) >> 15), 12_288);
    // UPPOL1
    const pole1 = saturate((same1 ? 192 : -192) + ((tableAt(a, 1) * 32_640) >> 15));
    a[1] = clamp(pole1, saturate(15_360 - pole2));
    a[2] = pole2;
    // UPZERO, DELAYA
    const step = difference === 0 ? 0 : 128;
    const differenceSign = difference >> 15;
    for (let tap = 6; tap > 0; tap -= 1) {
      const move = tableAt(d, tap) >> 15 === differenceSign ? step : -step;
      b[tap] = saturate(move + ((tableAt(b, tap) * 32_640) >> 15));
    }
    for (let tap = 6; tap > 1; tap -= 1) d[tap] = tableAt(d, tap - 1);
    d[1] = difference;
    this.#reconstructed2 = this.#reconstructed1;
    this.#reconstructed1 = reconstructed;
    this.#partial2 = this.#partial1;
    this.#partial1 = partial;
    // FILTEP
    const polePart = saturate(
      ((tableAt(a, 1) * saturate(2 * this.#reconstructed1)) >> 15) +
        ((tableAt(a, 2) * saturate(2 * this.#reconstructed2)) >> 15),
    );
    // FILTEZ
    let zeroPart = 0;
    for (let tap = 6; tap > 0; tap -= 1) zeroPart += (tableAt(b, tap) * saturate(2 * tableAt(d, tap))) >> 15;
    this.#zeroPart = saturate(zeroPart);
    // PREDIC
    this.predicted = saturate(polePart + this.#zeroPart);
  }
}

/** INVQAL and what follows from it. @param code the four bits that lead the lower band's six */
function adaptLow(band: Band, code: number): void {
  const difference = (band.scale * tableAt(QM4, code)) >> 15;
  band.rescale(tableAt(WL, tableAt(RL42, code)), 18_432, 8);
  band.adapt(difference);
}

/** INVQAH and what follows from it. */
function adaptHigh(band: Band, code: number): void {
  const difference = (band.scale * tableAt(QM2, code)) >> 15;
  band.rescale(tableAt(WH, tableAt(RH2, code)), 22_528, 10);
  band.adapt(difference);
}

function tableAt(table: ArrayLike<number>, index: number): number {
  return table[index] as number;
}

function saturate(value: number): number {
  return value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : value;
}

function clamp(value: number, most: number): number {
  return value > most ? most : value < -most ? -most : value;
}

/** LIMIT */
function limit(value: number): number {
  return value > 16_383 ? 16_383 : value < -16_384 ? -16_384 : value;
}
