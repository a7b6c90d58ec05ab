/** How long to wait before a worker is started again. */

/** A worker that lived this long did not die of its start. */
export const STEADY_AFTER_MS = 30_000;

const FIRST_MS = 250;
const MOST_MS = 30_000;

/**
 * The first time at once, for people are talking; then longer and longer, for a worker that dies
 * each time it is started is not helped by haste.
 * @param shortLives how many in a row did not come up, or died before they were steady
 * @returns milliseconds
 */
export function backOffMs(shortLives: number): number {
  return shortLives === 0 ? 0 : Math.min(FIRST_MS * 2 ** (shortLives - 1), MOST_MS);
}
