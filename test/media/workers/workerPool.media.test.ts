import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { findWorker } from '../../../media/worker/findWorker.ts';
import { createWorkerPool, type WorkerPool, type WorkerPoolOptions } from '../../../media/workers/workerPool.ts';
import { connectWerift, PCMU } from '../../../media/worker/weriftPeer.ts';
import { freePorts } from '../../support/ports.ts';

const VP8 = { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000, preferredPayloadType: 96 } as const;

let workerBin: string;

beforeAll(async () => {
  const found = await findWorker();
  if ('missing' in found) throw new Error(found.missing);
  workerBin = found.path;
});

async function open(options: Partial<WorkerPoolOptions> = {}): Promise<WorkerPool> {
  const pool = await createWorkerPool({ workerBin, workers: 2, firstPort: null, ...options });
  onTestFinished(() => pool.close());
  return pool;
}

const pids = (pool: WorkerPool) => pool.load().map(({ pid }) => pid);
const alive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('placing', () => {
  test('rooms that are opened at once are spread evenly', async () => {
    const pool = await open();
    await Promise.all(Array.from({ length: 10 }, () => pool.createRouter([PCMU])));
    expect(pool.load().map(({ routers }) => routers)).toEqual([5, 5]);
  });

  test('a room with a picture weighs more than two talks', async () => {
    const pool = await open();
    const { router, webRtcServer, workerId } = await pool.createRouter([PCMU, VP8]);
    const transport = await router.createWebRtcTransport({ webRtcServer });
    const producer = await transport.produce({
      kind: 'video',
      rtpParameters: { codecs: [{ ...VP8, payloadType: 96 }], encodings: [{ ssrc: 1 }] },
    });
    await transport.consume({ producerId: producer.id, rtpCapabilities: router.rtpCapabilities });
    expect(pool.load().find((worker) => worker.workerId === workerId)).toMatchObject({
      transports: 1,
      producers: 1,
      consumers: 1,
      weight: 8,
    });
    for (const _talk of [1, 2]) expect((await pool.createRouter([PCMU])).workerId).not.toBe(workerId);
  });

  test('what is closed weighs nothing, in whatever order it is closed', async () => {
    const pool = await open({ workers: 1 });
    const placement = await pool.createRouter([PCMU]);
    const alice = await connectWerift(placement, 'udp');
    const sam = await connectWerift(placement, 'udp', alice.producer);
    expect(pool.load()).toMatchObject([{ routers: 1, transports: 2, producers: 2, consumers: 1 }]);
    await alice.close();
    // That Sam's consumer went with her is the worker's to tell.
    await expect.poll(() => pool.load()).toMatchObject([{ routers: 1, transports: 1, producers: 1, consumers: 0 }]);
    placement.router.close();
    await sam.close();
    expect(pool.load()).toMatchObject([{ routers: 0, transports: 0, producers: 0, consumers: 0, weight: 0 }]);
  });

  test('codecs that mediasoup does not know are the caller’s to hear of, and leave nothing behind', async () => {
    const pool = await open({ workers: 1 });
    const unknown = { kind: 'audio', mimeType: 'audio/wax', clockRate: 8000 } as const;
    await expect(pool.createRouter([unknown])).rejects.toThrow(/wax/);
    expect(pool.load()).toMatchObject([{ routers: 0 }]);
  });

  test('200 rooms opened and closed leave nothing in Node or in the workers', async () => {
    const pool = await open();
    const held = async () => ({ routers: pool.load().map(({ routers }) => routers), dumps: await pool.dump() });
    const before = await held();
    for (let round = 0; round < 4; round++) {
      const placements = await Promise.all(Array.from({ length: 50 }, () => pool.createRouter([PCMU])));
      await Promise.all(
        placements.map(({ router, webRtcServer }) => router.createWebRtcTransport({ webRtcServer, enableTcp: true })),
      );
      for (const { router } of placements) router.close();
    }
    expect(await held()).toEqual(before);
    expect(before.dumps.map(({ routerIds }) => routerIds)).toEqual([[], []]);
  });
});

describe('a worker that dies', () => {
  test('its routers are told, the others stay, and another takes its port', async () => {
    const [firstPort = 0] = await freePorts(2);
    const pool = await open({ firstPort });
    const [doomed, other] = [await pool.createRouter([PCMU]), await pool.createRouter([PCMU])];
    (await pool.createRouter([PCMU])).router.close();
    const victim = pool.load().find(({ workerId }) => workerId === doomed.workerId);
    const died = once(pool, 'died');
    const replaced = once(pool, 'replaced');
    process.kill(victim?.pid ?? 0, 'SIGKILL');

    expect(await died).toMatchObject([{ workerId: doomed.workerId, routerIds: [doomed.router.id] }]);
    expect([doomed.router.closed, other.router.closed]).toEqual([true, false]);
    await replaced;
    expect(pool.load()).toHaveLength(2);
    const again = await pool.createRouter([PCMU]);
    expect(again.workerId).not.toBe(doomed.workerId);
    expect(again.workerId).not.toBe(other.workerId);
    expect(await ports(again.webRtcServer)).toEqual([firstPort]);
  });

  test('rooms are made anew on the others while it is gone, from within the very event', async () => {
    const pool = await open();
    const rooms = await Promise.all(Array.from({ length: 6 }, () => pool.createRouter([PCMU])));
    const { promise, resolve } = Promise.withResolvers<string[]>();
    pool.once('died', ({ routerIds }) => {
      const rebuilt = routerIds.map(() => pool.createRouter([PCMU]));
      resolve(Promise.all(rebuilt).then((placements) => placements.map(({ workerId }) => workerId)));
    });
    const [victim] = pool.load();
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    const survivor = rooms.find(({ workerId }) => workerId !== victim?.workerId)?.workerId;
    expect(await promise).toEqual([survivor, survivor, survivor]);
  });

  test('where it was the only one, who asks waits for the next and speaks through it', async () => {
    const pool = await open({ workers: 1 });
    const { router, workerId } = await pool.createRouter([PCMU]);
    const died = once(pool, 'died');
    process.kill(pids(pool)[0] ?? 0, 'SIGKILL');
    await died;
    expect(pool.load()).toEqual([]);
    const placement = await pool.createRouter([PCMU]);
    expect(router.closed).toBe(true);
    expect(placement.workerId).not.toBe(workerId);
    const alice = await connectWerift(placement, 'udp');
    const sam = await connectWerift(placement, 'udp', alice.producer);
    alice.say(Buffer.alloc(160, 7));
    expect((await sam.heard.next()).value).toEqual(Buffer.alloc(160, 7));
    await Promise.all([alice.close(), sam.close()]);
  });

  test('a router asked for at the moment of death comes from another worker', async () => {
    const pool = await open();
    const [victim, survivor] = pool.load();
    // Stopped, it takes the request and does not answer; the end then comes in the middle of it.
    process.kill(victim?.pid ?? 0, 'SIGSTOP');
    const asked = pool.createRouter([PCMU]);
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    expect((await asked).workerId).toBe(survivor?.workerId);
  });

  test('when its port was taken meanwhile, that is told, and it is tried again until it is free', async () => {
    const [firstPort = 0] = await freePorts(2);
    const pool = await open({ workers: 1, firstPort, announcedAddress: '127.0.0.1' });
    const died = once(pool, 'died');
    process.kill(pids(pool)[0] ?? 0, 'SIGKILL');
    await died;
    const thief = createSocket('udp4').bind(firstPort, '0.0.0.0');
    const [{ error, retryInMs }] = await once(pool, 'notReplaced');
    expect(error.message).toMatch(new RegExp(`cannot listen on port ${firstPort}.*MEDIA_PORT`));
    expect(retryInMs).toBeGreaterThan(0);
    const replaced = once(pool, 'replaced');
    thief.close();
    await replaced;
    expect(await ports((await pool.createRouter([PCMU])).webRtcServer)).toEqual([firstPort]);
  });
});

describe('a worker that is watched', () => {
  test('tells how much of a core it takes, and answers for as long as it is asked', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const pool = await open({ workers: 1 });
    const [pid] = pids(pool);
    expect(pool.load()).toMatchObject([{ cpu: null }]);
    for (let round = 0; round < 5; round++) {
      vi.advanceTimersToNextTimer();
      await pool.dump();
    }
    expect(pool.load()).toMatchObject([{ pid, cpu: expect.any(Number) }]);
  });

  test('is killed when it hangs, which is a death like others', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const pool = await open({ workers: 1 });
    const { router } = await pool.createRouter([PCMU]);
    process.kill(pids(pool)[0] ?? 0, 'SIGSTOP');
    const died = once(pool, 'died');
    for (let round = 0; round < 3; round++) vi.advanceTimersToNextTimer();
    expect(await died).toMatchObject([{ routerIds: [router.id] }]);
    expect((await pool.createRouter([PCMU])).router.closed).toBe(false);
  });
});

describe('starting and stopping', () => {
  test('each worker listens on a port of its own, for UDP and TCP, and tells the announced address', async () => {
    const [firstPort = 0] = await freePorts(2);
    const pool = await open({ firstPort, announcedAddress: 'media.example' });
    const rooms = await Promise.all([pool.createRouter([PCMU]), pool.createRouter([PCMU])]);
    const told = await Promise.all(
      rooms.map(async ({ router, webRtcServer }) => {
        const { iceCandidates } = await router.createWebRtcTransport({ webRtcServer, enableTcp: true });
        return iceCandidates.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`);
      }),
    );
    expect(told.flat().sort()).toEqual([
      `tcp media.example ${firstPort}`,
      `tcp media.example ${firstPort + 1}`,
      `udp media.example ${firstPort}`,
      `udp media.example ${firstPort + 1}`,
    ]);
  });

  test('closed, its processes are gone with their routers, and closing twice is harmless', async () => {
    const pool = await createWorkerPool({ workerBin, workers: 2, firstPort: null });
    const processes = pids(pool);
    const { router } = await pool.createRouter([PCMU]);
    await Promise.all([pool.close(), pool.close()]);
    expect(router.closed).toBe(true);
    expect(processes.filter(alive)).toEqual([]);
    await expect(pool.createRouter([PCMU])).rejects.toThrow('being stopped');
    await pool.close();
  });

  test('closed, it leaves no handle: a program that did nothing else ends by itself', async () => {
    const program = `
      const { createWorkerPool } = await import('./media/workers/workerPool.ts');
      const handles = () => JSON.stringify(process.getActiveResourcesInfo());
      const before = handles();
      const pool = await createWorkerPool({ workerBin: ${JSON.stringify(workerBin)}, firstPort: null });
      const { router, webRtcServer } = await pool.createRouter([${JSON.stringify(PCMU)}]);
      await router.createWebRtcTransport({ webRtcServer });
      await pool.close();
      // Node closes the handles of a process that ended when it comes to it.
      while (handles() !== before) await new Promise((done) => setTimeout(done, 5));`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { timeout: 50_000 });
  });

  test('closed while a worker is being replaced, none comes up any more', async () => {
    const pool = await createWorkerPool({ workerBin, workers: 1, firstPort: null });
    const died = once(pool, 'died');
    process.kill(pids(pool)[0] ?? 0, 'SIGKILL');
    await died;
    const waiting = expect(pool.createRouter([PCMU])).rejects.toThrow('being stopped');
    await pool.close();
    await waiting;
    expect(pool.load()).toEqual([]);
  });

  test('a worker that hangs at the end is killed', async () => {
    const pool = await createWorkerPool({ workerBin, workers: 1, firstPort: null });
    const [pid = 0] = pids(pool);
    process.kill(pid, 'SIGSTOP');
    await pool.close();
    expect(alive(pid)).toBe(false);
  });

  test('a service that is told to stop drains before its workers end: signals are left alone', async () => {
    const before = ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));
    await open();
    expect(['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal))).toEqual(before);
  });

  test('a port that is taken is told by number, and no worker is left', async () => {
    const [port = 0] = await freePorts(2);
    const taken = createSocket('udp4').bind(port + 1, '0.0.0.0');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const opening = createWorkerPool({ workerBin, workers: 2, firstPort: port, announcedAddress: '127.0.0.1' });
    await expect(opening).rejects.toThrow(new RegExp(`cannot listen on port ${port + 1}.*MEDIA_PORT`));
  });

  test('a binary that is none is told by its path', async () => {
    const opening = createWorkerPool({ workerBin: '/nowhere/worker', workers: 2, firstPort: null });
    await expect(opening).rejects.toThrow('The media worker /nowhere/worker does not start');
  });
});

async function ports(server: { dump(): Promise<{ udpSockets: { port: number }[]; tcpServers: { port: number }[] }> }) {
  const { udpSockets, tcpServers } = await server.dump();
  return [...new Set([...udpSockets, ...tcpServers].map(({ port }) => port))];
}
