import type { Random } from '../../support/random.ts';

/** Largest input that is made; a datagram holds no more. */
const LARGEST = 64 * 1024;

const PIECES = [
  '\r\n', '\r\n\r\n', '\r', '\n', '\0', '\x7f', ' ', '\t', '\r\n ', ',', ';', ';;', '"', '\\', '\\"', '<', '>', '<>', '@', ':',
  '::', '=', '%', '%00', '%zz', '?', '&', '*', '[', ']', '[::]', '/', '(', ')', '-1', '0', '4294967296', '99999999999999999999',
  'SIP/2.0', 'SIP/7.0', 'sip:', 'sips:', 'tel:', 'z9hG4bK', ';tag=', ';lr', ';branch=', 'Content-Length: 0\r\n', 'l: 9999\r\n',
  '__proto__: x\r\n', 'constructor: x\r\n', 'ü', '\xff', '\xc3', '\xef\xbb\xbf',
].map((piece) => Buffer.from(piece, 'latin1')); // prettier-ignore

/** One to a few random changes to bytes that came from elsewhere. */
export function mutate(random: Random, bytes: Buffer, other: Buffer): Buffer {
  let changed = bytes;
  for (let count = 1 + random.below(5); count > 0; count--) changed = change(random, changed, other);
  return changed.subarray(0, LARGEST);
}

function change(random: Random, bytes: Buffer, other: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + Math.floor(random.next() ** 3 * 200));
  const [before, middle, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (random.below(8)) {
    case 0:
      return Buffer.concat([before, after]);
    case 1:
      return Buffer.concat([before, random.of(PIECES), middle, after]);
    case 2:
      return Buffer.concat([before, random.of(PIECES), after]);
    case 3: {
      const flipped = Buffer.from(bytes);
      if (at < flipped.length) flipped[at] = random.below(256);
      return flipped;
    }
    case 4: {
      // Repetition finds what is quadratic; mostly little of it, for large inputs are slow ones.
      const piece = random.chance(0.5) ? random.of(PIECES) : middle;
      const times = Math.floor(random.next() ** 8 * Math.max(1, (LARGEST - bytes.length) / Math.max(1, piece.length)));
      return Buffer.concat([before, ...Array.from({ length: times }, () => piece), after]);
    }
    case 5:
      return before;
    case 6: {
      const from = random.below(other.length + 1);
      return Buffer.concat([before, other.subarray(from, from + random.below(500)), after]);
    }
    default: {
      const lines = bytes.toString('latin1').split('\r\n');
      const [one, two] = [random.below(lines.length), random.below(lines.length)];
      if (random.chance(0.5)) lines.splice(one, 0, lines[two]!);
      else [lines[one], lines[two]] = [lines[two]!, lines[one]!];
      return Buffer.from(lines.join('\r\n'), 'latin1');
    }
  }
}
