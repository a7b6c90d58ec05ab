/** tv-bytes: what a TV loads before it shows anything, zipped; media code would come later. */
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { buildWeb } from '../../web/build.ts';
import type { Benchmark } from './benchmark.ts';

const FILES = ['index.html', 'tv.js', 'tv.css'];
const TARGET_BYTES = 50_000;

export const tvBytes: Benchmark = {
  name: 'tv-bytes',
  async measure() {
    await buildWeb(() => {});
    const folder = new URL('../../dist/web/tv/', import.meta.url);
    const sizes = await Promise.all(FILES.map(async (name) => gzipSync(await readFile(new URL(name, folder))).length));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return [
      {
        name: 'tv-bytes',
        what: 'the TV app, page, script and style, zipped ÷ 50 kB',
        unit: 'bytes',
        rounds: [{ ours: bytes, peer: TARGET_BYTES }],
        target: { atMost: 1 },
        notes: [],
      },
    ];
  },
};
