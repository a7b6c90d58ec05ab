import { describe, expect, it } from 'vitest';
import { ageWords, clockWords, firstName, ordinal, placeWords, waitWords } from '../../../web/tv/words.ts';

describe('words', () => {
  it.each([
    [1, '1st'],
    [2, '2nd'],
    [3, '3rd'],
    [4, '4th'],
    [11, '11th'],
    [12, '12th'],
    [13, '13th'],
    [21, '21st'],
    [102, '102nd'],
    [111, '111th'],
  ])('%i is the %s', (number, words) => expect(ordinal(number)).toBe(words));

  it('the first is told that they are next, where somebody is there to come', () => {
    expect(placeWords(1, true)).toBe('You are next.');
    expect(placeWords(1, false)).toBe('You are first in line.');
    expect(placeWords(2, true)).toBe('You are 2nd in line.');
  });

  it.each([
    [0, 30, 'About a minute'],
    [60, 60, 'About a minute'],
    [240, 420, 'About 4 to 7 minutes'],
    [130, 170, 'About 2 to 3 minutes'],
    [300, 300, 'About 5 minutes'],
  ])('a wait of %i to %i seconds', (low, high, words) => expect(waitWords({ low, high })).toBe(words));

  it.each([
    [0, 'Updated just now', false],
    [30_000, 'Updated just now', false],
    [30_001, 'Last heard 30 seconds ago', true],
    [47_000, 'Last heard 40 seconds ago', true],
    [200_000, 'Last heard 3 minutes ago', true],
  ])('an age of %i ms', (age, words, stale) => expect(ageWords(age)).toEqual({ words, stale }));

  it.each([
    ['Sam Reyes', 'Sam'],
    ['Sam', 'Sam'],
    ['Dr Ama Osei', 'Dr Ama Osei'],
    ['Drew Marsh', 'Drew'],
  ])('on the shared screen %s is called %s', (name, words) => expect(firstName(name)).toBe(words));

  it('positions', () => {
    expect(clockWords(75.9)).toBe('1:15');
    expect(clockWords(3700)).toBe('1:01:40');
    expect(clockWords(-1)).toBe('0:00');
  });
});
