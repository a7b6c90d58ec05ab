import { DIGITS, charClass, readInteger, Scanner } from './syntax.ts';

/** RFC 3261 20.16. */
export interface CSeq {
  /** Less than 2^31 where a client counts (8.1.1.5), up to 2^32-1 where it is only read. */
  sequence: number;
  method: string;
}

const DIGIT = charClass(DIGITS);
const LARGEST_SEQUENCE = 2 ** 32 - 1;

/** @throws SipSyntaxError */
export function parseCSeq(value: string): CSeq {
  const scanner: Scanner = new Scanner(value, 'CSeq (RFC 3261 20.16)');
  scanner.skipSpace();
  const sequence = readInteger(scanner.span(DIGIT, 'the sequence number'), LARGEST_SEQUENCE);
  if (sequence === null) scanner.fail('the sequence number is larger than 2^32-1');
  const before = scanner.at;
  scanner.skipSpace();
  if (scanner.at === before) scanner.fail('there is no space before the method');
  const method = scanner.token('the method');
  scanner.expectEnd();
  return { sequence, method };
}

export function serializeCSeq({ sequence, method }: CSeq): string {
  return `${sequence} ${method}`;
}
