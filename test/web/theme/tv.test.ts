import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { inlineTokens } from '../../../web/theme/inline.ts';

const read = (name: string) => readFile(new URL(`../../../web/${name}`, import.meta.url), 'utf8');
const theme = await read('theme/tv.css');
const sheet = inlineTokens(theme + (await read('tv/tv.css'))).replace(/\/\*[\s\S]*?\*\//g, '');

function token(name: string): number[] {
  const found = new RegExp(`--${name}:\\s*#([0-9a-f]{6})`, 'i').exec(theme);
  if (!found) throw new Error(`no token ${name}`);
  return [0, 2, 4].map((at) => parseInt((found[1] as string).slice(at, at + 2), 16));
}

/** WCAG 2.2, relative luminance and contrast. */
function luminance(colour: number[]): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function contrast(one: string, other: string): number {
  const [darker, lighter] = [luminance(token(one)), luminance(token(other))].sort((a, b) => a - b) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

describe('the TV theme', () => {
  it.each([
    ['text', 'bg', 15.4],
    ['text', 'surface', 13.6],
    ['text', 'raised', 11],
    ['text-2', 'bg', 10.3],
    ['text-2', 'raised', 7.3],
    ['line', 'bg', 5.2],
    ['line', 'raised', 3.7],
    ['focus', 'bg', 10.7],
    ['focus', 'raised', 7.7],
    ['on-focus', 'focus', 10.7],
    ['bad', 'raised', 5.2],
    ['text', 'end', 6],
  ])('[B10] %s on %s has a contrast of %d', (one, other, ratio) => {
    expect(contrast(one, other)).toBeGreaterThanOrEqual(ratio - 0.05);
  });

  it('channels stay within what TVs show (16–235)', () => {
    for (const [, colour] of theme.matchAll(/#([0-9a-f]{6})/gi)) {
      for (const at of [0, 2, 4]) {
        const channel = parseInt((colour as string).slice(at, at + 2), 16);
        expect(channel, colour).toBeGreaterThanOrEqual(16);
        expect(channel, colour).toBeLessThanOrEqual(235);
      }
    }
  });

  it.each([
    ['custom properties', /var\(|--[a-z]/],
    ['grid', /display:\s*(inline-)?grid|grid-/],
    ['gap', /(^|[\s;{])(row-|column-)?gap\s*:/],
    ['inset', /(^|[\s;{])inset\s*:/],
    ['aspect-ratio', /aspect-ratio/],
    ['backdrop-filter', /backdrop-filter/],
    [':focus-visible, :focus-within, :is, :where', /:(focus-visible|focus-within|is\(|where\()/],
    ['clamp(), min(), max()', /(clamp|min|max)\(/],
    ['#RRGGBBAA', /#[0-9a-f]{8}\b|#[0-9a-f]{4}\b/i],
    ['prefers-reduced-motion', /prefers-/],
    ['shadows and blur (a ring of no blur is the focus)', /filter:|text-shadow/],
  ])('a TV of 2017 knows no %s', (_, forbidden) => {
    expect(sheet).not.toMatch(forbidden);
  });

  it('[B10] nothing is smaller than 32 px of the 1920×1080 design', () => {
    const sizes = [...sheet.matchAll(/font-size:\s*([\d.]+)rem/g)].map(([, size]) => Number(size));
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3.2);
  });

  it('[B10] lamp yellow belongs to what has the focus', () => {
    const rules = sheet.split('}').filter((rule) => /#ebc15a/i.test(rule));
    expect(rules.length).toBeGreaterThan(0);
    for (const rule of rules) expect(rule).toContain('.is-focused');
  });
});

describe('writing tokens in', () => {
  it('puts values where names were, and keeps what else :root declares', () => {
    expect(inlineTokens(':root{--a:#111;color:red}p{color:var(--a)}')).toBe(':root{color:red}p{color:#111}');
  });

  it('a name without a value is an error', () => {
    expect(() => inlineTokens('p{color:var(--lamp)}')).toThrow('--lamp');
  });
});
