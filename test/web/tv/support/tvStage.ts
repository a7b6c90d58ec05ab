/** The TV app on a connector without a service (fixtures/states.ts), built as it ships but for that, on a free port. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from '../../../support/browser.ts';
import { TvScreen } from '../../../support/tvScreen.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const tv = (path: string) => fileURLToPath(new URL(`../../../../web/tv/${path}`, import.meta.url));
const stub = fileURLToPath(new URL('../fixtures/stub-connector.ts', import.meta.url));

async function buildInto(folder: string): Promise<void> {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'no-service',
        enforce: 'pre',
        resolveId: (source) => (source.endsWith('/connector/tv.ts') ? stub : null),
      },
    ],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      outDir: folder,
      minify: false,
      cssCodeSplit: false,
      lib: { entry: tv('main.tsx'), name: 'Tv', formats: ['iife'], fileName: () => 'tv.js', cssFileName: 'tv' },
    },
  });
  await cp(tv('public'), folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), await readFile(tv('index.html')));
}

export interface TvStage {
  /** A TV that shows a state; one of 1920×1080 unless told otherwise. */
  open(state: string, viewport?: { width: number; height: number }): Promise<TvScreen>;
}

/** For the top of a test file. An error that a page reports fails its test. */
export function setTvStage(): TvStage {
  let folder: string;
  let server: Server;
  let browser: Browser;
  let open: TvScreen[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'couchline-tv-'));
    [browser] = await Promise.all([launchBrowser(), buildInto(folder)]);
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://tv').pathname.replace(/^\/tv\//, '') || 'index.html';
      readFile(join(folder, path)).then(
        (content) => response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'video/mp4' }).end(content),
        () => response.writeHead(404).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
  });
  afterEach(async () => {
    const closing = open;
    open = [];
    await Promise.all(closing.map((one) => one.turnOff()));
    expect(closing.flatMap(({ errors }) => errors)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    async open(state, viewport) {
      const { port } = server.address() as AddressInfo;
      const screen = await TvScreen.turnOn(browser, `http://127.0.0.1:${port}`, {}, viewport, state);
      open.push(screen);
      return screen;
    },
  };
}
