/** When a delivery that did not succeed is tried again, and when no more. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds after the first, second, … try. Together about 28 hours. */
const WAITS = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  5 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
];

/** Tries of one event before its interaction's deliveries are dead. */
export const MAX_ATTEMPTS = WAITS.length + 1;

/** No receiver can ask for more patience than this. */
const LONGEST = 12 * HOUR;

/**
 * Milliseconds until the next try; null when there is none.
 * @param attempts made so far, this one included
 * @param retryAfter milliseconds the receiver asked for (Retry-After); it waits at least as long
 * @param chance 0 to 1: spreads what failed together by a fifth either way
 */
export function waitBefore(attempts: number, retryAfter: number | null, chance: number): number | null {
  const wait = WAITS[attempts - 1];
  if (wait === undefined) return null;
  const spread = wait * (0.8 + 0.4 * chance);
  return Math.round(Math.min(LONGEST, Math.max(spread, retryAfter ?? 0)));
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds, or an HTTP date. Null when it says neither.
 * @param now milliseconds since the epoch
 */
export function readRetryAfter(header: string | null, now: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * SECOND;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
