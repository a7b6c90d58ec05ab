import { describe, expect, it } from 'vitest';
import { credentialsOf, pairInstead, readConfig } from '../../../web/tv/config.ts';

const ORIGIN = 'http://help.example';

describe('what the page tells the TV app', () => {
  it('[M1] a provisioned TV has its serial and secret', () => {
    const config = readConfig(undefined, '?serial=TV-1&secret=s3cret-s3cret-s3cret', ORIGIN);
    expect(config.credentials).toEqual({ serial: 'TV-1', secret: 's3cret-s3cret-s3cret' });
    expect(config.url).toBe(ORIGIN);
  });

  it('[M1] without them, or when told to, it pairs', () => {
    expect(readConfig(undefined, '', ORIGIN).credentials).toBe('pair');
    expect(readConfig(undefined, '?pair&serial=TV-1&secret=abc', ORIGIN).credentials).toBe('pair');
  });

  it('[M1] credentials that were not taken give way to pairing, at every start; others are tried', () => {
    const config = readConfig(undefined, '?serial=TV-1&secret=short', ORIGIN);
    let kept: string | null = null;
    const store = { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) };
    expect(credentialsOf(config, store)).toEqual(config.credentials);
    pairInstead(config, store);
    expect(credentialsOf(config, store)).toBe('pair');
    const mended = readConfig(undefined, '?serial=TV-1&secret=s3cret-s3cret-s3cret', ORIGIN);
    expect(credentialsOf(mended, store)).toEqual(mended.credentials);
    expect(credentialsOf(config, null)).toEqual(config.credentials);
  });

  it('[M1, M23] it says who it is: models, form, firmware, the representative wanted', () => {
    const query =
      '?model=BX2&display=Panorama+55&form=set-top-box&firmware=2.0&wanted=Priya+Nair&operator=O%26P&region=north';
    expect(readConfig(undefined, query, ORIGIN).told).toEqual({
      model: 'BX2',
      displayModel: 'Panorama 55',
      form: 'set-top-box',
      firmware: '2.0',
      wantedRepresentative: 'Priya Nair',
      operator: 'O&P',
      region: 'north',
    });
  });

  it('the address bar stands above the page; what neither knows is usual', () => {
    const page = { url: 'https://other.example', model: 'X41', firmware: 7 };
    const config = readConfig(page, '?model=X42', ORIGIN);
    expect(config.url).toBe('https://other.example');
    expect(config.told).toMatchObject({ model: 'X42', firmware: '4.2.1', form: 'all-in-one', displayModel: null });
  });

  it.each(['?%', '?serial=%E0%A4%A', '?=&&==', '?constructor=1&__proto__=2'])('%s harms nothing', (query) => {
    expect(readConfig(null, query, ORIGIN).told.model).toBe('X40');
  });
});
