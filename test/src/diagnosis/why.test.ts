import { describe, expect, it } from 'vitest';
import { fillWhy } from '../../../src/diagnosis/why.ts';

const tv = { model: 'X40', firmware: '4.2.1' };
const fill = (why: string, detail: Record<string, string | number | boolean> = {}) =>
  fillWhy({ why }, { code: 'playback:stalled', detail }, tv);

describe('fillWhy', () => {
  it('[M9] fills facts of the fault and of the TV', () => {
    expect(fill('{code} on {model}, firmware {firmware}, signal {rssi} dBm', { rssi: -81 })).toBe(
      'playback:stalled on X40, firmware 4.2.1, signal −81 dBm',
    );
  });

  it.each([
    ['{stalls} stops, signal {rssi} dBm', { stalls: 6 }, '6 stops'],
    ['{stalls} stops, signal {rssi} dBm', { rssi: -81 }, 'signal −81 dBm'],
    ['Box reported 9002; {faultString}.', {}, 'Box reported 9002.'],
    ['Signal {rssi} dBm; six stops', {}, 'Six stops'],
    ['Weak signal. Measured {mbps} Mbit/s. Line is old.', {}, 'Weak signal. Line is old.'],
    ['{a}, {b}, {c}', { b: 'two' }, 'two'],
    ['{a}, fits', { a: '  ' }, 'fits'],
    ['{a}, fits', { a: Number.NaN }, 'fits'],
  ])('[M9] "%s" with %j leaves a sentence: %s', (why, detail, expected) => {
    expect(fill(why, detail)).toBe(expected);
  });

  it('[M9] tells code, model and firmware when no clause remains', () => {
    expect(fill('signal {rssi} dBm')).toBe('playback:stalled on X40, firmware 4.2.1');
    expect(fill('')).toBe('playback:stalled on X40, firmware 4.2.1');
    expect(fillWhy({ why: 'fault {code}' }, null, tv)).toBe('No fault told on X40, firmware 4.2.1');
  });

  it('[M9] writes numbers with two decimals at most and booleans as words', () => {
    expect(fill('{mbps} Mbit/s, wired {wired}', { mbps: 3.14159, wired: false })).toBe('3.14 Mbit/s, wired no');
  });

  it('[M9] takes what a TV tells as text, not as a place or a property of ours', () => {
    expect(fill('said {note}', { note: '{rssi}, $& {model}' })).toBe('said {rssi}, $& {model}');
    expect(fill('said {constructor}, fits')).toBe('fits');
    expect(fill('on {model}', { model: 'a lie' })).toBe('on X40');
  });
});
