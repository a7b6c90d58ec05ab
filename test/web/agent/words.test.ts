import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const DESK = fileURLToPath(new URL('../../../web/agent', import.meta.url));
const BANNED = /\b(oops|invalid|failed to|users?|simply|just|should|ticket|resolved|reboot|power cycle)\b/i;

/** String and JSX text, roughly: what stands in quotes with a space in it, or between tags. */
function wordsOf(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  const quoted = [...code.matchAll(/'([^'\n]*)'|"([^"\n]*)"|`([^`]*)`/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  const between = [...code.matchAll(/>([^<>{}=;()]+)</g)].map((match) => match[1] ?? '');
  return [...quoted, ...between].filter((text) => /[a-z] [a-z]/i.test(text));
}

describe('the voice of the desk', () => {
  it('has no banned word and no exclamation mark in what people read', async () => {
    const files = (await readdir(DESK, { recursive: true })).filter((file) => /\.tsx?$/.test(file));
    const found: string[] = [];
    for (const file of files) {
      for (const words of wordsOf(await readFile(`${DESK}/${file}`, 'utf8'))) {
        if (BANNED.test(words) || /[a-z]!(\s|$)/i.test(words)) found.push(`${file}: ${words.trim()}`);
      }
    }
    expect(files.length).toBeGreaterThan(40);
    expect(found).toEqual([]);
  });
});
