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
  /** `http://127.0.0.1:PORT/`: localhost is a secure context, so there are cameras. */
  url: string;
  server: Server;
  close(): Promise<void>;
}

export async function serveCallPage(port = 0): Promise<CallPage> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-call-'));
  await build({
    configFile: false,
    logLevel: 'error',
    root: fileURLToPath(new URL('../web/call/fixtures', import.meta.url)),
    build: { target: 'es2015', outDir: folder, emptyOutDir: true, minify: false, modulePreload: false },
  });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://page').pathname;
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
