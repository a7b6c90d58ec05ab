import { readFile, stat } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../../web/tv/player/manifest.ts';

const clip = new URL('../../../../web/tv/public/clip/', import.meta.url);

describe('the clip', () => {
  it('is whole: what the manifest names is there, 600 kB at most', async () => {
    const manifest = parseManifest(await readFile(new URL('clip.json', clip), 'utf8'));
    const names = [manifest.init, ...manifest.segments];
    const sizes = await Promise.all(names.map(async (name) => (await stat(new URL(name, clip))).size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(600_000);
    expect(Math.min(...sizes)).toBeGreaterThan(100);
  });

  it('is H.264 baseline and AAC, as the manifest says', async () => {
    const manifest = parseManifest(await readFile(new URL('clip.json', clip), 'utf8'));
    const init = await readFile(new URL(manifest.init, clip));
    const avcC = init.indexOf('avcC');
    const profile = init
      .subarray(avcC + 5, avcC + 8)
      .toString('hex')
      .toUpperCase();
    expect(manifest.mimeType).toContain(`avc1.${profile}`);
    expect(profile.startsWith('42')).toBe(true);
    expect(init.includes('mp4a')).toBe(true);
  });

  it.each(['null', '{}', '{"mimeType":"video/mp4","segmentSeconds":2,"init":"a","segments":[]}', 'nonsense'])(
    '%s is no manifest',
    (text) => {
      expect(() => parseManifest(text)).toThrow();
    },
  );
});
