import { readParams, writeParams, type Params } from './params.ts';
import { charClass, DIGITS, readInteger, Scanner } from './syntax.ts';

/** How long a session lives without refresh (RFC 4028 4). */
export interface SessionExpires {
  seconds: number;
  /** Who refreshes; null where it is yet to be agreed. */
  refresher: 'uac' | 'uas' | null;
}

const DIGIT = charClass(DIGITS);

/** @throws SipSyntaxError */
export function parseSessionExpires(value: string): SessionExpires {
  const scanner: Scanner = new Scanner(value, 'Session-Expires (RFC 4028 4)');
  const seconds = readSeconds(scanner);
  const refresher = readParams(scanner).get('refresher')?.toLowerCase() ?? null;
  if (refresher !== null && refresher !== 'uac' && refresher !== 'uas') scanner.fail('refresher is not uac or uas');
  return { seconds, refresher };
}

export function serializeSessionExpires({ seconds, refresher }: SessionExpires): string {
  const params: Params = new Map(refresher === null ? [] : [['refresher', refresher]]);
  return `${seconds}${writeParams(params)}`;
}

/** Min-SE (RFC 4028 5), in seconds. @throws SipSyntaxError */
export function parseMinSE(value: string): number {
  const scanner = new Scanner(value, 'Min-SE (RFC 4028 5)');
  const seconds = readSeconds(scanner);
  readParams(scanner);
  return seconds;
}

function readSeconds(scanner: Scanner): number {
  scanner.skipSpace();
  return readInteger(scanner.span(DIGIT, 'the number of seconds'), 2 ** 32 - 1) ?? scanner.fail('it is over 2^32-1');
}
