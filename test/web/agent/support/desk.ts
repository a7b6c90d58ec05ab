/** The desk's states (fixtures/states.ts), built as they ship and served on a free port. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build } from 'vite';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface ServedDesk {
  /** The address of a state. */
  at(state: string): string;
  close(): Promise<void>;
}

export async function serveDesk(): Promise<ServedDesk> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-desk-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../fixtures', import.meta.url)),
    base: '/agent/',
    plugins: [react()],
    build: { outDir: folder, emptyOutDir: true, minify: false, chunkSizeWarningLimit: 5000 },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://desk').pathname.replace(/^\/agent\//, '');
    // As the service does it: what is no file is a place within the desktop.
    const file = path.startsWith('assets/') ? path : 'index.html';
    readFile(join(folder, file)).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  return {
    at: (state) => `http://127.0.0.1:${port}/agent/#${state}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
