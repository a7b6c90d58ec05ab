import { readInteger, SipSyntaxError } from './syntax.ts';

/** Seconds until a request may be tried again (RFC 3261 20.33); comment and duration are passed over. @throws SipSyntaxError */
export function parseRetryAfter(value: string): number {
  const digits = /^[0-9]+(?=$|[ \t;(])/.exec(value)?.[0] ?? '';
  const seconds = readInteger(digits, 2 ** 32 - 1);
  if (seconds === null) throw new SipSyntaxError('Retry-After is not a number of seconds of 32 bits (RFC 3261 20.33)');
  return seconds;
}
