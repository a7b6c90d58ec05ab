/** That the worker of this machine works: a binary that starts may still crash at the first handshake. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runs } from '../../../media/worker/binary.ts';
import { findWorker } from '../../../media/worker/findWorker.ts';
import { proveWorker } from '../../../media/worker/proof.ts';
import { createWorkerPool, type WorkerPool } from '../../../media/workers/workerPool.ts';
import { connectWerift, PCMU } from '../../../media/worker/weriftPeer.ts';

let pool: WorkerPool;

beforeAll(async () => {
  const found = await findWorker();
  if ('missing' in found) throw new Error(found.missing);
  pool = await createWorkerPool({ workerBin: found.path, workers: 1, firstPort: null });
});

afterAll(() => pool?.close());

describe('the trial at the installation', () => {
  test('proves the worker of this machine', async () => {
    const found = await findWorker();
    expect(await proveWorker('path' in found ? found.path : '')).toEqual({ result: 'proven' });
  });

  test('finds at fault one that does not start, and says why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'couchline-worker-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const hollow = join(folder, 'hollow');
    await writeFile(hollow, '#!/bin/sh\nexit 41\n', { mode: 0o755 });
    expect(await runs(hollow)).toBe(true);
    expect(await proveWorker(hollow)).toEqual({
      result: 'failed',
      why: expect.stringContaining(`The media worker ${hollow} does not start`) as string,
    });
  });
});

test.for(['udp', 'tcp'] as const)(
  'over %s, alice shakes hands by DTLS, speaks, and Sam hears every packet as it was said (RFC 5764)',
  async (protocol) => {
    const placement = await pool.createRouter([PCMU]);
    const alice = await connectWerift(placement, protocol);
    const sam = await connectWerift(placement, protocol, alice.producer);
    expect([alice, sam].map(({ transport }) => transport.dtlsState)).toEqual(['connected', 'connected']);
    expect(alice.transport.iceSelectedTuple?.protocol).toBe(protocol);
    for (let packet = 0; packet < 100; packet++) {
      const said = Buffer.alloc(160, packet);
      alice.say(said);
      const { value } = await sam.heard.next();
      expect(value).toEqual(said);
    }
    await Promise.all([alice.close(), sam.close()]);
    placement.router.close();
  },
);

test('RTP of a telephone (PCMU) goes through two PlainTransports, and none of 1,000 packets is lost', async () => {
  const { router } = await pool.createRouter([PCMU]);
  const listen = { listenInfo: { protocol: 'udp', ip: '127.0.0.1' } as const, rtcpMux: true };
  const [from, to] = await Promise.all([router.createPlainTransport(listen), router.createPlainTransport(listen)]);
  const [telephone, other] = await Promise.all([bound(), bound()]);
  await Promise.all([
    from.connect({ ip: '127.0.0.1', port: telephone.address().port }),
    to.connect({ ip: '127.0.0.1', port: other.address().port }),
  ]);
  const producer = await from.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [{ mimeType: 'audio/PCMU', clockRate: 8000, payloadType: 0 }],
      encodings: [{ ssrc: 4711 }],
    },
  });
  await to.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });

  let received = 0;
  other.on('message', (packet) => {
    // Reports of the consumer come on the same port (RFC 5761, section 4).
    if (isRtcp(packet)) return;
    expect(packet.subarray(-160)).toEqual(Buffer.alloc(160, received));
    received++;
    telephone.emit('passed');
  });
  for (let number = 1; number <= 1_000; number++) {
    const passed = once(telephone, 'passed');
    telephone.send(rtp(number, 4711, Buffer.alloc(160, number - 1)), from.tuple.localPort, '127.0.0.1');
    await passed;
  }
  expect(received).toBe(1_000);
  const [{ packetCount, packetsLost } = { packetCount: 0, packetsLost: 0 }] = await producer.getStats();
  expect({ packetCount, packetsLost }).toEqual({ packetCount: 1_000, packetsLost: 0 });
  telephone.close();
  other.close();
  router.close();
});

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** A packet of 20 ms (RFC 3550, section 5.1). */
function rtp(number: number, ssrc: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header.writeUInt16BE(number, 2);
  header.writeUInt32BE(number * 160, 4);
  header.writeUInt32BE(ssrc, 8);
  return Buffer.concat([header, payload]);
}

function isRtcp(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type >= 192 && type <= 223;
}
