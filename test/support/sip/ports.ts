/** Ports for programs that do not choose their own. Linux only, as those programs are here. */
import { readFile } from 'node:fs/promises';
import type { Transport } from './peer.ts';

/** Below those that the kernel hands out by itself, so that no connection of somebody's takes one in between. */
const [LOWEST, HIGHEST] = [20_000, 32_000];

/** A port of 127.0.0.1 that nobody had a moment ago, by TCP and by UDP. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    const taken = await Promise.all((['tcp', 'udp'] as const).map((transport) => hears(port, transport)));
    if (!taken.includes(true)) return port;
  }
}

/** Whether somebody on this machine hears on the port; asked of the kernel, so that nobody is disturbed by asking. */
export async function hears(port: number, transport: Transport): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const sockets = await Promise.all(
    [transport, `${transport}6`].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')),
  );
  return sockets.some((text) => text.includes(`:${hex} `));
}
