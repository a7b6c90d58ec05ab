/**
 * `node media/worker/prove.ts BINARY`: whether a worker works, which its starting does not tell. A peer of other makers
 * (werift) shakes hands with it by DTLS and speaks, and is heard. Exits with 0 when it was, with 2 and the reason when
 * the worker is at fault, and with 1 when it could not be tried.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { createWorkerPool } from '../workers/workerPool.ts';
import { FAILED } from './proof.ts';
import { connectWerift, PCMU } from './weriftPeer.ts';

const PACKET_MS = 20;
/** Of which one is to arrive. */
const PACKETS = 250;

try {
  await prove(process.argv[2] ?? '');
  process.exit(0);
} catch (error) {
  console.error((error as Error).message);
  process.exit(FAILED);
}

async function prove(workerBin: string): Promise<void> {
  const pool = await createWorkerPool({ workerBin, workers: 1, firstPort: null });
  const died = new Promise<never>((_, fail) => pool.once('died', ({ error }) => fail(error)));
  const heard = async () => {
    const peer = await connectWerift(await pool.createRouter([PCMU]), 'udp');
    for (let packet = 0; packet < PACKETS; packet += 1) {
      peer.say(Buffer.alloc(160, packet));
      await delay(PACKET_MS);
      const stats = await peer.producer.getStats();
      if (stats.some(({ packetCount }) => packetCount > 0)) return;
    }
    throw new Error('Its peer was connected, and nothing was heard of it.');
  };
  await Promise.race([heard(), died]);
}
