import { beforeEach, expect, it } from 'vitest';
import { RefusedOrigins } from '../../../src/realtime/refusedOrigins.ts';

let said: { origin: string }[];
let origins: RefusedOrigins;
beforeEach(() => {
  said = [];
  origins = new RefusedOrigins({ warn: (fields) => void said.push(fields as { origin: string }) });
});

it('an origin is told once a minute, whatever it tries meanwhile', () => {
  for (const at of [0, 10, 59_999]) origins.refused('https://tv.example', at);
  expect(said).toEqual([{ origin: 'https://tv.example', setting: 'ALLOWED_ORIGINS' }]);
  origins.refused('https://other.example', 30_000);
  origins.refused('https://tv.example', 60_000);
  expect(said.map(({ origin }) => origin)).toEqual([
    'https://tv.example',
    'https://other.example',
    'https://tv.example',
  ]);
});

it('who invents origins is told of twenty times a minute and cut short', () => {
  for (let n = 0; n < 10_000; n += 1) origins.refused(`https://${n}.example/${'a'.repeat(5_000)}`, n / 1000);
  expect(said).toHaveLength(20);
  expect(Math.max(...said.map(({ origin }) => origin.length))).toBe(200);
  origins.refused('https://tv.example', 70_000);
  expect(said.at(-1)?.origin).toBe('https://tv.example');
});
