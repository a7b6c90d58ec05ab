import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildWeb } from '../../web/build.ts';

const built = (name: string) => readFile(fileURLToPath(new URL(`../../dist/web/${name}`, import.meta.url)), 'utf8');

describe('what the build gives to a TV', () => {
  beforeAll(() => buildWeb(() => {}));

  it.each(['tv/tv.js', 'connector.js'])(
    '%s is one classic script that a TV of 2017 can parse (ES2015)',
    async (name) => {
      const script = await built(name);
      expect(() => parse(script, { ecmaVersion: 2015, sourceType: 'script' })).not.toThrow();
    },
  );

  it('the page loads its script without modules, which webOS 4 and Tizen 3 lack', async () => {
    const page = await built('tv/index.html');
    expect(page).toMatch(/<script[^>]* src="tv\.js"/);
    expect(page).not.toMatch(/type="?module|modulepreload/);
  });

  it('[M1] the connector alone gives a page of somebody else one global', async () => {
    const page = createContext({});
    runInContext(await built('connector.js'), page);
    const exported: unknown = runInContext('Object.keys(Couchline)', page);
    expect(exported).toEqual(['createTvConnector']);
  });

  it('the TV app with its style is at most 50 kB zipped', async () => {
    const sizes = await Promise.all(['tv/index.html', 'tv/tv.js', 'tv/tv.css'].map(built));
    const zipped = sizes.reduce((sum, content) => sum + gzipSync(content).length, 0);
    expect(zipped).toBeGreaterThan(1000);
    expect(zipped).toBeLessThanOrEqual(50_000);
  });

  it('nothing is built again while the sources are the same', async () => {
    expect(await buildWeb(() => {})).toBe(false);
  });
});
