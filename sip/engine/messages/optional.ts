import { isToken, readInteger } from './syntax.ts';

const TYPE = /^([^\s;/]+)[ \t]*\/[ \t]*([^\s;/]+)[ \t]*(;|$)/;
const DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/i;

/**
 * Header fields that a request need not have, but that must be right where they are. Each rule gives
 * the complaint, or null. Fields that stand in no such table are passed on unread (RFC 3261 8.2.2).
 */
export const OPTIONAL: ReadonlyMap<string, (value: string) => string | null> = new Map<
  string,
  (value: string) => string | null
>([
  ['content-type', (value) => (isMediaType(value) ? null : 'Content-Type is not type/subtype (RFC 3261 20.15)')],
  ['date', (value) => (DATE.test(value) ? null : 'Date is not of RFC 1123 in GMT (RFC 3261 20.17)')],
  ['expires', (value) => (/^[0-9]+$/.test(value) ? null : 'Expires is not a number of seconds (RFC 3261 20.19)')],
  ['rseq', (value) => (readInteger(value, 2 ** 32 - 1) === null ? 'RSeq is not 32 bits (RFC 3262 7.1)' : null)],
]);

function isMediaType(value: string): boolean {
  const found = TYPE.exec(value);
  return found !== null && isToken(found[1]!) && isToken(found[2]!);
}
