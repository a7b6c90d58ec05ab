/** Ports for programs that do not choose their own. Linux only, as those programs are here. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import type { Transport } from './peer.ts';

/** A port of 127.0.0.1 that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** Whether somebody on this machine hears on the port; asked of the kernel, so that nobody is disturbed by asking. */
export async function hears(port: number, transport: Transport): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = await Promise.all(
    [transport, `${transport}6`].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')),
  );
  return sockets.some((text) => text.includes(`:${hex} `));
}
