/** The call test page (test/web/call/fixtures), lowered as for a TV and served on a free port. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
};

export interface CallPage {
  /** `http://127.0.0.1:PORT/`: localhost is a secure context, so there are cameras. Below it, `empty` is an empty page. */
  url: string;
  server: Server;
  close(): Promise<void>;
}

const fixtures = fileURLToPath(new URL('../web/call/fixtures/', import.meta.url));

/** web/call as a TV loads it when a call begins: one classic script, ES2015, global `CouchlineCall`. */
export async function buildCallScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    mode: 'production',
    root: fixtures,
    publicDir: false,
    build: {
      write: false,
      target: 'es2015',
      minify: true,
      lib: { entry: join(fixtures, 'lazy.ts'), name: 'CouchlineCall', formats: ['iife'], fileName: () => 'call.js' },
    },
  });
  const [output] = (Array.isArray(built) ? built : [built]) as { output: { code: string }[] }[];
  return output?.output[0]?.code ?? '';
}

export async function serveCallPage(port = 0): Promise<CallPage> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-call-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fixtures,
    build: { target: 'es2015', outDir: folder, emptyOutDir: true, minify: false, modulePreload: false },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    if (path === '/empty') {
      response.writeHead(200, { 'content-type': TYPES['.html'] }).end('<!doctype html><title>Empty</title><body>');
      return;
    }
    const file = path.startsWith('/assets/') ? path : 'index.html';
    readFile(join(folder, file)).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(port, '127.0.0.1');
  await new Promise((listening, failed) => server.once('listening', listening).once('error', failed));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    server,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
