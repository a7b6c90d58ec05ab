import { describe, expect, it } from 'vitest';
import { hear, SILENCE, type Speech } from '../../../web/call/speech.ts';

/** Listens every 100 ms; gives back whether it was talk at each. */
function listen(...levels: (number | null)[]): boolean[] {
  let speech: Speech = SILENCE;
  return levels.map((level, at) => (speech = hear(speech, level, at * 100)).speaking);
}
const many = (count: number, level: number) => Array<number>(count).fill(level);

describe('talk', () => {
  it('begins after a quarter of a second of loudness', () => {
    expect(listen(0, ...many(4, 0.1))).toEqual([false, false, false, true, true]);
  });

  it('is not a cough', () => {
    expect(listen(0, 0.5, 0.5, ...many(20, 0)).some(Boolean)).toBe(false);
  });

  it('is heard through the pauses between syllables', () => {
    expect(listen(0, 0.1, 0, 0.1, 0.1, 0, 0.1).at(-1)).toBe(true);
  });

  it('ends after almost a second of quiet, not at the end of a word', () => {
    const heard = listen(0, ...many(4, 0.1), ...many(8, 0), 0.1, ...many(9, 0));
    expect(heard.slice(3, -1).every(Boolean)).toBe(true);
    expect(heard.at(-1)).toBe(false);
  });

  it('what is not known changes nothing', () => {
    expect(listen(0, ...many(4, 0.1), null, null)).toEqual([false, false, false, true, true, true, true]);
  });
});
