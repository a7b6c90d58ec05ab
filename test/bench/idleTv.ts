/**
 * idle-tv: the memory that a registered TV holds while nothing happens. Both processes are asked
 * to collect their garbage before they are looked at, as they would by themselves in time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { inTurns, type Benchmark } from './benchmark.ts';
import { Client, forEach, openTv } from './load/client.ts';
import type { Server } from './parts/ground.ts';
import { residentBytes } from './parts/machine.ts';

const TVS = 10_000;
const AT_ONCE = 100;
/** A fixed port: both processes never run at once. */
const INSPECTOR = 'http://127.0.0.1:9377';
const FLAGS = ['--inspect=127.0.0.1:9377'];

async function bytesEach(start: () => Promise<Server>, open: (server: Server, n: number) => Promise<Client>) {
  const server = await start();
  const numbers = Array.from({ length: TVS }, (_, n) => n);
  // The first ones bring code and buffers that the others share.
  const first = await forEach(numbers.slice(0, AT_ONCE), AT_ONCE, (n) => open(server, n));
  await collectGarbage();
  const before = residentBytes(server.pid);
  const rest = await forEach(numbers.slice(AT_ONCE), AT_ONCE, (n) => open(server, n));
  await sleep(2_000);
  await collectGarbage();
  const bytes = (residentBytes(server.pid) - before) / rest.length;
  await Promise.all([...first, ...rest].map((client) => client.close()));
  await server.stop();
  return bytes;
}

/** By Chromium's debugging protocol, which Node speaks. */
async function collectGarbage(): Promise<void> {
  const [target] = (await (await fetch(`${INSPECTOR}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
  await new Promise((resolve) => socket.once('open', resolve));
  for (const id of [1, 2]) {
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }));
    await new Promise((resolve) => socket.once('message', resolve));
  }
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.close();
  await closed;
  await sleep(500);
}

export const idleTv: Benchmark = {
  name: 'idle-tv',
  async measure(ground) {
    const stage = await ground.stage();
    const { tvs } = await stage.centre(0, TVS);
    const ours = () =>
      bytesEach(
        () => stage.service(FLAGS),
        (server, n) => openTv(server, tvs[n]!),
      );
    const peer = () =>
      bytesEach(
        () => ground.forwarder(FLAGS),
        (server) => Client.open(server.url),
      );
    const { rounds } = await inTurns(ours, peer, { rounds: (ours, peer) => ({ ours, peer }) });
    await stage.close();
    return [
      {
        name: 'idle-tv',
        what: `memory of the process for each of ${TVS.toLocaleString('en')} idle, registered TVs ÷ bare ws connections`,
        unit: 'bytes',
        rounds,
        target: { atMost: 1.2 },
        notes: ['resident, after a garbage collection; the kernel’s share is the same for both and not counted'],
      },
    ];
  },
};
