import { readInteger, SipSyntaxError } from './syntax.ts';

/** Hops that are left, 0 to 255 (RFC 3261 20.22). @throws SipSyntaxError */
export function parseMaxForwards(value: string): number {
  const hops = readInteger(value, 255);
  if (hops === null) throw new SipSyntaxError('Max-Forwards is not a number from 0 to 255 (RFC 3261 20.22)');
  return hops;
}
