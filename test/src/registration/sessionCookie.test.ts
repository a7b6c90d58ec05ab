import { describe, expect, it } from 'vitest';
import { sessionTokenOf } from '../../../src/registration/sessionCookie.ts';

const token = 'abcdefghijklmnopqrstuvwxyz-0123456789_ABCDE';

describe('the session cookie', () => {
  it('[M2] is found among others', () => {
    expect(sessionTokenOf(`couchline=${token}`)).toBe(token);
    expect(sessionTokenOf(`theme=dark; couchline=${token}; x=y=z`)).toBe(token);
  });

  it('[M2] is not taken from what only looks like it', () => {
    for (const header of [
      undefined,
      '',
      'couchline',
      'couchline=',
      'couchline=short',
      `xcouchline=${token}`,
      `couchline=${token}!`,
      `couchline=${'a'.repeat(129)}`,
    ]) {
      expect(sessionTokenOf(header)).toBeNull();
    }
  });
});
