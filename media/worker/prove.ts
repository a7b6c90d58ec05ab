/**
 * `node media/worker/prove.ts BINARY`: whether a worker works, which its starting does not tell. A peer of other makers
 * (werift, which comes with the development packages) shakes hands with it by DTLS and speaks, and is heard. Exits with
 * 0 when it was; else the reason is the last line of what it says.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createWorkerPool } from '../workers/workerPool.ts';
import { connectWerift, PCMU } from './weriftPeer.ts';

const PACKET_MS = 20;
/** Of which one is to arrive. */
const PACKETS = 250;

const pool = await createWorkerPool({ workerBin: process.argv[2] ?? '', workers: 1, firstPort: null });
const died = new Promise<never>((_, fail) => pool.once('died', ({ error }) => fail(error)));
await Promise.race([prove(), died]);
process.exit(0);

async function prove(): Promise<void> {
  const peer = await connectWerift(await pool.createRouter([PCMU]), 'udp');
  for (let packet = 0; packet < PACKETS; packet += 1) {
    peer.say(Buffer.alloc(160, packet));
    await delay(PACKET_MS);
    const stats = await peer.producer.getStats();
    if (stats.some(({ packetCount }) => packetCount > 0)) return;
  }
  throw new Error('Its peer was connected, and nothing was heard of it.');
}
