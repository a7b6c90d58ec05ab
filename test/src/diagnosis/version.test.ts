import { describe, expect, it } from 'vitest';
import {
  canonicalFirmware,
  compareFirmwarePatterns,
  compareVersions,
  firmwareFits,
  parseFirmwarePattern,
  parseVersion,
} from '../../../src/diagnosis/version.ts';
import { fc } from '../../support/properties.ts';

const compare = (a: string, b: string) => Math.sign(compareVersions(parseVersion(a), parseVersion(b)));
const fits = (pattern: string, firmware: string) => firmwareFits(parseFirmwarePattern(pattern), firmware);

describe('compareVersions', () => {
  it.each([
    ['4.2', '4.10', -1],
    ['4.2', '4.2.0', 0],
    ['4.2.1', '4.2', 1],
    ['v4.2', '4.2', 0],
    ['4.2.1-b77', '4.2.1', 0],
    ['4.2.1 (build 900)', '4.2.2', -1],
    ['webOS04.30.60', '4.30.61', -1],
    ['T-KTM2AKUC-1310.1', '1310.0', 1],
    ['20261122123456789', '20261122123456790', -1],
    ['7', '6.9', 1],
  ])('[M9] compares %s with %s by their numbers', (a, b, expected) => {
    expect(compare(a, b)).toBe(expected);
    expect(compare(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  const version = fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));

  it('[M9] is a total order in which zeros at the end do not count', () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(compare(a, a)).toBe(0);
        expect(compare(a, `${a}.0`)).toBe(0);
        expect(compare(a, `${a}.1`)).toBe(-1);
        expect(compare(a, b) + compare(b, a)).toBe(0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('[M9] each version is on exactly one side of a bound', () => {
    fc.assert(
      fc.property(version, version, (firmware, bound) => {
        expect(fits(`<${bound}`, firmware)).toBe(!fits(`>=${bound}`, firmware));
        expect(fits(`>${bound}`, firmware)).toBe(!fits(`<=${bound}`, firmware));
        expect(fits(bound, firmware)).toBe(fits(`<=${bound}`, firmware) && fits(`>=${bound}`, firmware));
      }),
    );
  });
});

describe('firmwareFits', () => {
  it.each([
    ['*', 'anything', true],
    ['*', '', true],
    ['4.2*', '4.2', true],
    ['4.2*', '4.2.9', true],
    ['4.2*', '4.2-rc1', true],
    ['4.2*', '4.20', false],
    ['4.*', '4.20', true],
    ['4.*', '40.2', false],
    ['4.2.1', '4.2.1', true],
    ['4.2.1', '4.2.1-b77', true],
    ['4.2.1-b77', '4.2.1-B77', true],
    ['4.2.1-b77', '4.2.1-b78', false],
    ['T-KTM*', 't-ktm2akuc-1310', true],
    ['<4.2', '4.1.9', true],
    ['<4.2', '4.2', false],
    ['<=4.2', '4.2.0', true],
    ['>4.2', '4.2.1', true],
    ['>=4.2.1', '4.2', false],
    ['<4.2', 'unknown', false],
    ['>=0', 'unknown', false],
    ['unknown', 'Unknown', true],
    ['4.2', '', false],
  ])('[M9] %s and firmware "%s": %s', (pattern, firmware, expected) => {
    expect(fits(pattern, firmware)).toBe(expected);
  });

  it('[M9] never throws, whatever a TV tells', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('*', '4.2', '4.2*', '<4', 'a*', '>=x'), (firmware, pattern) => {
        expect(typeof fits(pattern, firmware)).toBe('boolean');
      }),
    );
  });
});

describe('compareFirmwarePatterns', () => {
  it('[M9] goes from the narrowest to the widest', () => {
    const order = ['4.2.1', '4.2*', '4*', '<4.2', '<=4.2', '<5', '>4.2', '>=4.2', '>4', '*'];
    const shuffled = [...order].reverse();
    shuffled.sort((a, b) => compareFirmwarePatterns(parseFirmwarePattern(a), parseFirmwarePattern(b)));
    expect(shuffled).toEqual(order);
  });
});

describe('canonicalFirmware', () => {
  it.each([
    ['4.2', '04.2.0'],
    ['<4.2', '<4.2.0'],
    ['4.2*', '4.2.*'],
    ['BETA*', 'beta*'],
  ])('[M9] %s and %s are the same', (a, b) => {
    expect(canonicalFirmware(a)).toBe(canonicalFirmware(b));
  });

  it.each([
    ['4.2', '4.2*'],
    ['<4.2', '<=4.2'],
    ['4*', '4.0*'],
    ['10', '1'],
    ['*', '4*'],
  ])('[M9] %s and %s are not', (a, b) => {
    expect(canonicalFirmware(a)).not.toBe(canonicalFirmware(b));
  });
});
