import { describe, expect, it } from 'vitest';
import { keyOf } from '../../../../web/tv/input/keys.ts';

describe('the remote', () => {
  it.each([
    [37, 'left'],
    [38, 'up'],
    [39, 'right'],
    [40, 'down'],
    [13, 'ok'],
  ])('[B10] key %i is %s', (keyCode, key) => {
    expect(keyOf({ keyCode })).toBe(key);
  });

  it.each([
    ['Tizen', 10009],
    ['webOS', 461],
    ['Escape on a desktop', 27],
    ['Backspace on a desktop', 8],
  ])('[B10] Back of %s', (_, keyCode) => {
    expect(keyOf({ keyCode })).toBe('back');
  });

  it.each([
    [415, 'play'],
    [19, 'pause'],
    [10252, 'playPause'],
    [179, 'playPause'],
    [32, 'playPause'],
  ])('the extra key %i is %s', (keyCode, key) => {
    expect(keyOf({ keyCode })).toBe(key);
  });

  it('colour keys and digits are left to the TV', () => {
    for (const keyCode of [403, 404, 405, 406, 48, 57]) expect(keyOf({ keyCode })).toBeNull();
  });
});
