import { describe, expect, it } from 'vitest';
import { mintUserCode, readUserCode, showUserCode } from '../../../src/registration/userCode.ts';

describe('user codes', () => {
  it('[M3] are eight of twenty letters, none of them favoured', () => {
    const counts = new Map<string, number>();
    for (let n = 0; n < 5000; n++)
      for (const letter of mintUserCode()) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    expect([...counts.keys()].sort().join('')).toBe('BCDFGHJKLMNPQRSTVWXZ');
    // 2000 of each are expected, with a standard deviation of 44: six of them is once in 25 million runs.
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(264);
  });

  it('[M3] are read as they are shown, and as people type them', () => {
    expect(showUserCode('BCDFGHJK')).toBe('BCDF-GHJK');
    for (const typed of ['BCDF-GHJK', 'bcdfghjk', ' BCDF GHJK ', 'b-c-d-f-g-h-j-k']) {
      expect(readUserCode(typed)).toBe('BCDFGHJK');
    }
  });

  it('[M3] are refused where they cannot be codes', () => {
    for (const typed of [
      '',
      'BCDFGHJ',
      'BCDFGHJKL',
      'ABCDEFGH',
      'BCDF GHJ1',
      'BCDF_GHJK',
      '-'.repeat(50) + 'BCDFGHJK',
    ]) {
      expect(readUserCode(typed)).toBeNull();
    }
  });
});
