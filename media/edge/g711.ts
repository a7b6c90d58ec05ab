/** G.711, both laws, by tables: 8,000 octets a second to and from linear samples of 16 bits. */

export type G711 = 'PCMU' | 'PCMA';

/** What silence is, an octet of it. */
export const SILENCE: Record<G711, number> = { PCMU: 0xff, PCMA: 0xd5 };

const BIAS = 0x84;
const CLIP = 32_635;

/** Linear samples of each octet. */
const LINEAR: Record<G711, Int16Array> = { PCMU: new Int16Array(256), PCMA: new Int16Array(256) };
/** Octets of each linear sample, which is its index as unsigned 16 bits. */
const OCTET: Record<G711, Uint8Array> = { PCMU: new Uint8Array(65_536), PCMA: new Uint8Array(65_536) };
/** Octets of one law as the other has them. */
const ACROSS: Record<G711, Uint8Array> = { PCMU: new Uint8Array(256), PCMA: new Uint8Array(256) };

for (let octet = 0; octet < 256; octet += 1) {
  LINEAR.PCMU[octet] = linearOfMu(octet);
  LINEAR.PCMA[octet] = linearOfA(octet);
}
for (let sample = -32_768; sample < 32_768; sample += 1) {
  OCTET.PCMU[sample & 0xffff] = muOf(sample);
  OCTET.PCMA[sample & 0xffff] = aOf(sample);
}
for (let octet = 0; octet < 256; octet += 1) {
  ACROSS.PCMU[octet] = OCTET.PCMA[(LINEAR.PCMU[octet] as number) & 0xffff] as number;
  ACROSS.PCMA[octet] = OCTET.PCMU[(LINEAR.PCMA[octet] as number) & 0xffff] as number;
}

/** The table that turns octets into linear samples. */
export function linearTable(law: G711): Int16Array {
  return LINEAR[law];
}

/** The table that turns linear samples, taken as unsigned 16 bits, into octets. */
export function octetTable(law: G711): Uint8Array {
  return OCTET[law];
}

/** Changes octets of one law to the other's, in place. */
export function toOtherLaw(octets: Uint8Array, from: number, to: number, law: G711): void {
  const table = ACROSS[law];
  for (let at = from; at < to; at += 1) octets[at] = table[octets[at] as number] as number;
}

function linearOfMu(octet: number): number {
  const value = ~octet & 0xff;
  const magnitude = ((((value & 0x0f) << 3) + BIAS) << ((value & 0x70) >> 4)) - BIAS;
  return value & 0x80 ? -magnitude : magnitude;
}

function linearOfA(octet: number): number {
  const value = octet ^ 0x55;
  const segment = (value & 0x70) >> 4;
  const mantissa = ((value & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return value & 0x80 ? magnitude : -magnitude;
}

function muOf(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), CLIP) + BIAS;
  const segment = 24 - Math.clz32(magnitude);
  return ~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f)) & 0xff;
}

function aOf(sample: number): number {
  // The law has 13 bits; negative values are counted from -1 on, as ITU-T G.191 has it.
  const positive = sample >= 0;
  const magnitude = (positive ? sample : -sample - 1) >> 4;
  let value: number;
  if (magnitude < 16) value = magnitude;
  else {
    const segment = 28 - Math.clz32(magnitude);
    value = (segment << 4) | ((magnitude >> (segment - 1)) & 0x0f);
  }
  return (positive ? value | 0x80 : value) ^ 0x55;
}
