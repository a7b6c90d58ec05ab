/**
 * What one connection may put on the service, whatever it sends: counted in bytes, and what costs more than its bytes
 * counts as more of them. Whoever keeps to what may be said, which is 80 messages of 64 kB at once and 20 a second,
 * stays below it. To count is an addition; the time is looked at only once a burst is used up.
 */

/** What is counted besides the bytes themselves. */
export const BURDEN = {
  /** One read off the socket. */
  read: 1024,
  /** A ping or pong: nobody needs hundreds of them a second. */
  control: 4 * 1024,
  /** A live frame beyond what one side may say. */
  liveTooMuch: 8 * 1024,
} as const;

/** At once; more ends the connection. */
export const BURDEN_AT_ONCE = 8 * 1024 * 1024;

const PER_MS = 2 * 1024;

/** What is left of a burden after so many milliseconds. */
export function lightened(burden: number, ms: number): number {
  return Math.max(0, burden - ms * PER_MS);
}
