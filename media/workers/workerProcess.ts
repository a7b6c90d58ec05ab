/** One worker process with its port, from its start until it is gone. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createWorker, type types } from 'mediasoup';
import { RouterLoad, type RouterCounts } from './routerLoad.ts';

/** A worker answers within a millisecond; one that has not after two of these is hung. */
const ASKED_EVERY_MS = 5_000;
/** A worker that was told to end and has not after this long is killed. */
const ENDS_WITHIN_MS = 3_000;

export interface WorkerProcessOptions {
  /** Names this run of the worker in the log and in metrics. */
  id: string;
  /** Which of the pool's places it takes. */
  slot: number;
  /** Path of the binary. */
  bin: string;
  listenInfos: types.TransportListenInfo[];
}

/** What a worker carries. */
export interface WorkerLoad extends RouterCounts {
  workerId: string;
  /** Which of the pool's places it has, from 0 on; whoever is started after it has the same. */
  slot: number;
  pid: number;
  /** Where it listens for browsers. */
  places: readonly ListeningPlace[];
  routers: number;
  /** The share of one core that it took lately; null until it was asked twice. */
  cpu: number | null;
  /** Bytes that it held in memory when it was asked last; null before, and where the system does not tell. */
  memory: number | null;
}

/** An address and port of the machine's own. */
export interface ListeningPlace {
  protocol: 'udp' | 'tcp';
  ip: string;
  port: number;
}

/**
 * Starts a worker and has it listen.
 * @throws Error when the binary does not run, or cannot listen where it is to
 */
export async function startWorkerProcess(options: WorkerProcessOptions): Promise<WorkerProcess> {
  const worker = await leavingSignalsAlone(() => createWorker({ workerBin: options.bin })).catch((error: Error) => {
    // Of each try another: who reads that it goes on is to see that it is the same.
    const why = error.message.replace(/pid:\d+, /, '');
    throw new Error(`The media worker ${options.bin} does not start: ${why}.`, { cause: error });
  });
  try {
    const webRtcServer = await worker.createWebRtcServer({ listenInfos: options.listenInfos });
    const { udpSockets, tcpServers } = await webRtcServer.dump();
    const places: ListeningPlace[] = [
      ...udpSockets.map(({ ip, port }) => ({ protocol: 'udp' as const, ip, port })),
      ...tcpServers.map(({ ip, port }) => ({ protocol: 'tcp' as const, ip, port })),
    ];
    return new WorkerProcess(options, worker, webRtcServer, places);
  } catch (error) {
    await endWorker(worker);
    const port = options.listenInfos[0]?.port ?? 'any';
    const { message } = error as Error;
    const taken = /already in use/i.test(message);
    throw new Error(
      `The media worker cannot listen on port ${port}: ${taken ? 'another program has it' : message}. ` +
        `${taken ? 'Stop that one, or choose' : 'Choose'} another with MEDIA_PORT; each worker takes one more, by UDP and TCP.`,
      { cause: error },
    );
  }
}

export class WorkerProcess {
  readonly id: string;
  readonly #slot: number;
  readonly #places: readonly ListeningPlace[];
  readonly webRtcServer: types.WebRtcServer;
  readonly startedAt = performance.now();
  readonly #worker: types.Worker;
  readonly #loads = new Set<RouterLoad>();
  readonly #routerIds = new Set<string>();
  readonly #watch: NodeJS.Timeout;
  #unanswered = 0;
  #usage: { at: number; cpuMs: number; share: number | null } | null = null;
  #memory: number | null = null;

  constructor(
    { id, slot }: Pick<WorkerProcessOptions, 'id' | 'slot'>,
    worker: types.Worker,
    webRtcServer: types.WebRtcServer,
    places: readonly ListeningPlace[],
  ) {
    this.id = id;
    this.#slot = slot;
    this.#places = places;
    this.#worker = worker;
    this.webRtcServer = webRtcServer;
    this.#watch = setInterval(() => this.#ask(), ASKED_EVERY_MS);
    this.#watch.unref();
    worker.observer.once('close', () => clearInterval(this.#watch));
  }

  /** True from the moment that it was closed or died. */
  get closed(): boolean {
    return this.#worker.closed;
  }

  get weight(): number {
    return this.#loads.values().reduce((sum, { counts }) => sum + counts.weight, 0);
  }

  /** Calls back once, with the ids of the routers that went with it, when the process ends without `close()`. */
  onDied(listener: (error: Error, routerIds: string[]) => void): void {
    this.#worker.once('died', (error) => listener(error, [...this.#routerIds]));
  }

  /**
   * Makes a router, which counts from the moment of asking.
   * @throws what mediasoup says of codecs that it does not know; also when the worker dies meanwhile (see `closed`)
   */
  async createRouter(mediaCodecs: types.RouterRtpCodecCapability[]): Promise<types.Router> {
    const load = new RouterLoad();
    this.#loads.add(load);
    try {
      const router = await this.#worker.createRouter({ mediaCodecs });
      this.#routerIds.add(router.id);
      load.follow(router, () => {
        this.#loads.delete(load);
        // mediasoup closes a dead worker's routers before it tells that it died: those are to be told.
        if (!this.#worker.died) this.#routerIds.delete(router.id);
      });
      return router;
    } catch (error) {
      this.#loads.delete(load);
      throw error;
    }
  }

  load(): WorkerLoad {
    const sum: WorkerLoad = {
      workerId: this.id,
      slot: this.#slot,
      pid: this.#worker.pid,
      places: this.#places,
      routers: this.#loads.size,
      transports: 0,
      producers: 0,
      consumers: 0,
      weight: 0,
      cpu: this.#usage?.share ?? null,
      memory: this.#memory,
    };
    for (const { counts } of this.#loads) {
      sum.transports += counts.transports;
      sum.producers += counts.producers;
      sum.consumers += counts.consumers;
      sum.weight += counts.weight;
    }
    return sum;
  }

  /** What the worker itself says it holds. */
  dump(): Promise<types.WorkerDump> {
    return this.#worker.dump();
  }

  /** Ends the process and resolves when it is gone. Twice is harmless. */
  async close(): Promise<void> {
    await endWorker(this.#worker);
  }

  /** Asks for its CPU time; kills it when it has not answered the last two times, and so has it replaced. */
  #ask(): void {
    // Counted in rounds, not by the clock: a Node that was busy for long reads the answer before the next round.
    if (this.#unanswered >= 2) {
      kill(this.#worker);
      return;
    }
    this.#unanswered++;
    void residentMemory(this.#worker.pid).then((bytes) => (this.#memory = bytes));
    this.#worker.getResourceUsage().then(
      ({ ru_utime, ru_stime }) => {
        this.#unanswered = 0;
        const now = { at: performance.now(), cpuMs: ru_utime + ru_stime };
        const last = this.#usage;
        this.#usage = { ...now, share: last === null ? null : (now.cpuMs - last.cpuMs) / (now.at - last.at) };
      },
      () => {
        // It died while it was asked: `onDied` tells.
      },
    );
  }
}

/** Linux tells; elsewhere it is not known. */
async function residentMemory(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const told = /^VmRSS:\s+(\d+) kB/m.exec(status);
  return told === null ? null : Number(told[1]) * 1024;
}

async function endWorker(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const gone = once(worker, 'subprocessclose');
  worker.close();
  const impatience = setTimeout(() => kill(worker), ENDS_WITHIN_MS);
  await gone;
  clearTimeout(impatience);
}

function kill({ pid }: types.Worker): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}

/**
 * mediasoup closes every worker when this process is sent SIGINT or SIGTERM. The service drains
 * first, and people go on talking meanwhile: its owner closes the pool when it is time. A worker
 * whose service is gone without a word ends by itself, when its pipe closes.
 */
async function leavingSignalsAlone<T>(start: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const before = signals.map((signal) => new Set(process.rawListeners(signal)));
  const started = start();
  signals.forEach((signal, index) => {
    for (const listener of process.rawListeners(signal)) {
      if (!before[index]?.has(listener)) process.removeListener(signal, listener as () => void);
    }
  });
  return await started;
}
