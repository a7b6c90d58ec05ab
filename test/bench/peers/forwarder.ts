/**
 * The bare peer: `ws` alone. Two connections that come with the same `?pair=` hear each other's
 * bytes as they were sent; nothing is parsed, checked or kept. `/` is a page that shows what it hears.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

const page = readFileSync(new URL('page.html', import.meta.url));
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(page);
});
const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 * 1024 });
const alone = new Map<string, WebSocket>();
const other = new WeakMap<WebSocket, WebSocket>();

sockets.on('connection', (socket, request) => {
  const [, pair] = /\?pair=(\w+)/.exec(request.url ?? '') ?? [];
  if (pair !== undefined) {
    const first = alone.get(pair);
    if (first === undefined) {
      alone.set(pair, socket);
    } else {
      alone.delete(pair);
      other.set(first, socket);
      other.set(socket, first);
    }
    socket.on('close', () => {
      if (alone.get(pair) === socket) alone.delete(pair);
    });
  }
  socket.on('message', forward);
  socket.on('error', nothing);
});

function forward(this: WebSocket, data: Buffer, isBinary: boolean): void {
  other.get(this)?.send(data, { binary: isBinary });
}

function nothing(): void {}

server.listen(0, '127.0.0.1', () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
process.once('SIGTERM', () => process.exit(0));
