import { describe, expect, it } from 'vitest';
import { readUserCode } from '../../../../web/agent/pair/user-code.ts';

describe('the code on the TV', () => {
  it.each(['BCDF-GHJK', 'bcdfghjk', ' bcdf ghjk ', 'b-c-d-f-g-h-j-k', 'BCDF–GHJK', 'bcdf\u00a0ghjk'])(
    '%s is read as BCDF-GHJK',
    (typed) => {
      expect(readUserCode(typed)).toEqual({ kind: 'complete', code: 'BCDF-GHJK' });
    },
  );

  it('says how many letters are there when some are missing', () => {
    expect(readUserCode('bcdf')).toMatchObject({ kind: 'incomplete', message: 'Enter all 8 letters. You have 4.' });
    expect(readUserCode('')).toMatchObject({ kind: 'incomplete', count: 0 });
    expect(readUserCode('bcdfghjkl')).toMatchObject({ kind: 'incomplete', count: 9 });
  });

  it.each(['A', '0', 'Y', 'é', '😀'])('names %s, which no code has', (sign) => {
    const reading = readUserCode(`bcdf${sign}hjk`);
    expect(reading).toMatchObject({ kind: 'foreign', sign: sign.toUpperCase() });
  });
});
