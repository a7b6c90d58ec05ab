import { describe, expect, it } from 'vitest';
import { refusal } from '../../../web/connector/refusal.ts';
import type { RefusedError } from '../../../web/connector/types.ts';
import { refusalWords, stoppedWords } from '../../../web/tv/refusals.ts';

const CODES: RefusedError['code'][] = [
  'version',
  'malformed',
  'unauthorized',
  'rateLimited',
  'notFound',
  'notYours',
  'wrongState',
  'badReference',
  'ended',
  'busy',
  'unavailable',
];

describe('what was not taken, in words for a TV', () => {
  it.each(CODES)('%s: none of the service’s own words', (code) => {
    const words = refusalWords(refusal(code, 'Too small: expected string to have >=16 characters.'));
    expect(words).toMatch(/^[A-Z][^:>]+\.$/);
    expect(words).not.toMatch(/string|invalid|failed|oops|!/);
  });

  it('what came to nothing for another reason can be tried again', () => {
    expect(refusalWords(new TypeError('socket is null'))).toBe('That was not taken. Press again in a moment.');
  });

  it('[M1] a TV that is not known is paired again', () => {
    expect(stoppedWords('unauthorized')).toMatchObject({
      title: 'Help does not know this TV. Pair it again.',
      go: 'Pair this TV',
      pairs: true,
    });
    for (const why of ['version', 'replaced', 'closed'] as const) expect(stoppedWords(why).pairs).toBe(false);
  });
});
