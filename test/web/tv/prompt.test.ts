import { describe, expect, it } from 'vitest';
import { faultToAsk, keepAsked, PROMPT_AGAIN_MS, readAsked } from '../../../web/tv/prompt.ts';

const fault = (code: string) => ({ code, title: 'The picture keeps stopping', detail: {}, since: 1, count: 1 });
const stalled = fault('playback:stalled');
const expired = fault('account:expired');

function store(kept: string | null = null) {
  return { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) };
}

describe('the fault prompt', () => {
  it('[M5] asks about the latest fault', () => {
    expect(faultToAsk([expired, stalled], {}, 1000, null)).toBe(expired);
  });

  it('[M5] asks once per fault per 30 minutes, each fault for itself', () => {
    const asked = { 'playback:stalled': 1000 };
    expect(faultToAsk([stalled], asked, 1000 + PROMPT_AGAIN_MS - 1, null)).toBeNull();
    expect(faultToAsk([stalled], asked, 1000 + PROMPT_AGAIN_MS, null)).toBe(stalled);
    expect(faultToAsk([stalled, expired], asked, 1001, null)).toBe(expired);
  });

  it('[M5] a TV that is not online is asked about once, and not for its picture as well', () => {
    const offline = { ...fault('network:offline'), since: 100_000 };
    const asked = { 'network:offline': 101_000 };
    expect(faultToAsk([stalled, offline], {}, 101_000, 101_000)).toBe(offline);
    expect(faultToAsk([stalled, offline], asked, 110_000, 110_000)).toBeNull();
    // The picture stopped first, and was asked about; then the network is noticed to be gone.
    expect(faultToAsk([offline, stalled], { 'playback:stalled': 90_000 }, 101_000, 101_000)).toBeNull();
    expect(faultToAsk([offline], { 'playback:stalled': 30_000 }, 101_000, 101_000)).toBe(offline);
  });

  it('[M5] a picture that still stops a minute after the network came back has a cause of its own', () => {
    expect(faultToAsk([stalled], {}, 159_000, 100_000)).toBeNull();
    expect(faultToAsk([stalled], {}, 160_000, 100_000)).toBe(stalled);
    expect(faultToAsk([expired], {}, 101_000, 100_000)).toBe(expired);
  });

  it('[M5] a reload does not make it ask again', () => {
    const here = store();
    keepAsked(here, { 'playback:stalled': 1000 });
    expect(readAsked(here, 2000)).toEqual({ 'playback:stalled': 1000 });
  });

  it('what is old, from the future, or no number is forgotten', () => {
    const kept = JSON.stringify({ old: 1, future: 9e12, broken: 'yes', fresh: PROMPT_AGAIN_MS });
    expect(readAsked(store(kept), PROMPT_AGAIN_MS + 2)).toEqual({ fresh: PROMPT_AGAIN_MS });
  });

  it.each(['{', 'null', '[]', '7'])('a store that holds %s is read as empty', (kept) => {
    expect(readAsked(store(kept), 1)).toEqual({});
  });

  it('a blocked store harms nothing', () => {
    const blocked = {
      getItem: () => {
        throw new Error('blocked');
      },
      setItem: () => {
        throw new Error('blocked');
      },
    };
    expect(readAsked(blocked, 1)).toEqual({});
    expect(() => keepAsked(blocked, { a: 1 })).not.toThrow();
    expect(readAsked(null, 1)).toEqual({});
  });
});
