/**
 * idle-tv: the memory that a registered TV holds while nothing happens. Both processes are asked
 * to collect their garbage before they are looked at, as they would by themselves in time.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { inTurns, type Benchmark } from './benchmark.ts';
import { Client, forEach, openTv } from './load/client.ts';
import type { Server } from './parts/ground.ts';
import { inspect, INSPECTABLE } from './parts/inspector.ts';
import { residentBytes } from './parts/machine.ts';

const TVS = 10_000;
const AT_ONCE = 100;
const SETTLE_MS = 1_000;
async function bytesEach(start: () => Promise<Server>, open: (server: Server, n: number) => Promise<Client>) {
  const server = await start();
  const numbers = Array.from({ length: TVS }, (_, n) => n);
  // The first ones bring code and buffers that the others share.
  const first = await forEach(numbers.slice(0, AT_ONCE), AT_ONCE, (n) => open(server, n));
  const inspector = await inspect();
  await inspector.collectGarbage();
  const before = residentBytes(server.pid);
  const rest = await forEach(numbers.slice(AT_ONCE), AT_ONCE, (n) => open(server, n));
  await sleep(SETTLE_MS);
  await inspector.collectGarbage();
  await sleep(SETTLE_MS);
  const bytes = (residentBytes(server.pid) - before) / rest.length;
  await inspector.close();
  await Promise.all([...first, ...rest].map((client) => client.close()));
  await server.stop();
  return bytes;
}

export const idleTv: Benchmark = {
  name: 'idle-tv',
  async measure(ground) {
    const stage = await ground.stage();
    const { tvs } = await stage.centre(0, TVS);
    const ours = () =>
      bytesEach(
        () => stage.service(INSPECTABLE),
        (server, n) => openTv(server, tvs[n]!),
      );
    const peer = () =>
      bytesEach(
        () => ground.forwarder(INSPECTABLE),
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
