import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { parse } from 'acorn';
import { beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Newer than the TVs of 2018 (Chromium 53), and not lowered by any build. */
const TOO_NEW =
  /\.(flat|flatMap|at|padStart|padEnd|finally|replaceAll|matchAll|trimStart|trimEnd|findLast)\(|Object\.(entries|values|fromEntries|hasOwn)\b|allSettled|structuredClone|randomUUID|AbortController|globalThis|queueMicrotask|\basync\b/;

let script: string;

beforeAll(async () => {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    mode: 'production',
    root: `${root}web`,
    publicDir: false,
    build: {
      write: false,
      target: 'es2015',
      minify: true,
      lib: {
        entry: `${root}web/connector/tv.ts`,
        name: 'Couchline',
        formats: ['iife'],
        fileName: () => 'connector.js',
      },
    },
  });
  const [output] = (Array.isArray(built) ? built : [built]) as { output: { code: string }[] }[];
  script = output?.output[0]?.code ?? '';
});

describe('the TV connector as one script', () => {
  it('[M1] parses as ES2015, as a classic script', () => {
    expect(script.length).toBeGreaterThan(1000);
    expect(() => parse(script, { ecmaVersion: 2015, sourceType: 'script' })).not.toThrow();
  });

  it('[M1] calls nothing that TVs of 2018 lack', () => {
    expect(TOO_NEW.exec(script)?.[0]).toBeUndefined();
  });

  it('[M1] is smaller than 11 kB on the way to the TV', () => {
    expect(gzipSync(script).length).toBeLessThan(11_264);
  });

  it('[M1] gives a page one name and one function', () => {
    const page: { Couchline?: Record<string, unknown> } = {};
    runInNewContext(`${script};this.Couchline = Couchline`, page);
    expect(Object.keys(page.Couchline ?? {})).toEqual(['createTvConnector']);
  });
});
