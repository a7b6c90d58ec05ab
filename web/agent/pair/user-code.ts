/** The code a TV shows while it waits to be paired (RFC 8628's user code): eight of twenty letters. */

const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';
const LENGTH = 8;

export type UserCodeReading =
  | { kind: 'complete'; code: string }
  /** Fewer or more letters than eight; `message` says how many there are. */
  | { kind: 'incomplete'; count: number; message: string }
  /** A sign that no code has; `message` names it. */
  | { kind: 'foreign'; sign: string; message: string };

/**
 * Reads what a person typed: case, spaces and hyphens do not matter.
 * @returns `complete` with the code as the TV shows it, `BCDF-GHJK`
 */
export function readUserCode(typed: string): UserCodeReading {
  const signs = Array.from(typed.toUpperCase().replace(/[\s\p{Pd}_.]/gu, ''));
  const sign = signs.find((one) => !LETTERS.includes(one));
  if (sign !== undefined) {
    return {
      kind: 'foreign',
      sign,
      message: `“${sign}” is in no code: codes have no vowels, no Y and no digits. Look at the TV and type it again.`,
    };
  }
  if (signs.length !== LENGTH) {
    return {
      kind: 'incomplete',
      count: signs.length,
      message: `Enter all ${LENGTH} letters. You have ${signs.length}.`,
    };
  }
  return { kind: 'complete', code: `${signs.slice(0, 4).join('')}-${signs.slice(4).join('')}` };
}
