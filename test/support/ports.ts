/** Ports for those who need to know theirs beforehand, or need it again. It asks Linux; elsewhere it hopes. */
import { readFile } from 'node:fs/promises';

/** Below those that the kernel hands out by itself, so that no connection of somebody's takes one in between. */
const [LOWEST, HIGHEST] = [20_000, 32_000];
/** Test files that run side by side choose from parts of their own. */
const PARTS = 16;

/** A port of 127.0.0.1 that nobody had a moment ago, by TCP and by UDP. */
export async function freePort(): Promise<number> {
  return (await freePorts(1))[0]!;
}

/** As many neighbours, the lowest first. */
export async function freePorts(howMany: number): Promise<number[]> {
  const size = Math.floor((HIGHEST - LOWEST) / PARTS);
  const lowest = LOWEST + (Number(process.env.VITEST_POOL_ID ?? 0) % PARTS) * size;
  for (;;) {
    const first = lowest + Math.floor(Math.random() * (size - howMany + 1));
    const ports = Array.from({ length: howMany }, (_, n) => first + n);
    const taken = await Promise.all(ports.flatMap((port) => [hears(port, 'tcp'), hears(port, 'udp')]));
    if (!taken.includes(true)) return ports;
  }
}

/** Whether somebody on this machine hears on the port; asked of the kernel, so that nobody is disturbed by asking. */
export async function hears(port: number, transport: 'udp' | 'tcp' | 'tls'): Promise<boolean> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const table = transport === 'udp' ? 'udp' : 'tcp';
  const sockets = await Promise.all(
    [table, `${table}6`].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')),
  );
  return sockets.some((text) => text.includes(`:${hex} `));
}
