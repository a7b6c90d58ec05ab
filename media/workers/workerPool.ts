/**
 * The media workers, one a core, each with a port of its own for browsers.
 *
 *     starting ──it listens──▶ running ──it dies──▶ waiting (backOff.ts) ──▶ starting
 *        └──────────it does not start──────────────▲
 *
 * A worker's routers die with it. Whoever owns them is told which they were (`died`), and asks for
 * new ones: another worker takes them, or the one that is started in its place.
 */
import { EventEmitter } from 'node:events';
import { availableParallelism } from 'node:os';
import type { types } from 'mediasoup';
import type { Placement } from '../leg.ts';
import { backOffMs, STEADY_AFTER_MS } from './backOff.ts';
import { listenInfos } from './listen.ts';
import { startWorkerProcess, type WorkerLoad, type WorkerProcess } from './workerProcess.ts';

/** Who asks for a router while no worker runs waits this long for one. */
const WAITS_FOR_MS = 10_000;

export interface WorkerPoolOptions {
  /** Path of the worker's binary, as `findWorker` found it. */
  workerBin: string;
  /** How many; one a core when left out or null. */
  workers?: number | null;
  /** The first worker listens on this UDP and TCP port, the second on the next, and so on; null takes free ones. */
  firstPort: number | null;
  /** The address or name that browsers are told, where it is not one of this machine's. */
  announcedAddress?: string | null;
}

export interface WorkerPoolEvents {
  /** A worker ended by itself. These routers and all that stood on them are closed; ask for new ones at once. */
  died: [event: { workerId: string; routerIds: string[]; error: Error }];
  /** A worker runs in place of one that died. */
  replaced: [event: { workerId: string; pid: number }];
  /** No worker could be started in place of one that died; it is tried again. */
  notReplaced: [event: { error: Error; retryInMs: number }];
}

/**
 * Starts the workers.
 * @throws Error that says what to do when one does not start or cannot listen; none is left running then
 */
export async function createWorkerPool(options: WorkerPoolOptions): Promise<WorkerPool> {
  const count = options.workers ?? availableParallelism();
  const pool = new WorkerPool(options, count);
  try {
    await pool.start();
  } catch (error) {
    await pool.close();
    throw error;
  }
  return pool;
}

/** One worker's place: its port, and whoever runs there. */
interface Slot {
  readonly index: number;
  readonly infos: types.TransportListenInfo[];
  running: WorkerProcess | null;
  /** How many were started here. */
  runs: number;
  /** How many in a row did not come up, or died before they were steady. */
  shortLives: number;
  /** The next start, while it is waited for. */
  timer: NodeJS.Timeout | null;
}

interface Waiter {
  resolve: (worker: WorkerProcess) => void;
  reject: (error: Error) => void;
}

export class WorkerPool extends EventEmitter<WorkerPoolEvents> {
  readonly #workerBin: string;
  readonly #slots: Slot[];
  readonly #waiting = new Set<Waiter>();
  readonly #starting = new Set<Promise<void>>();
  #closing: Promise<void> | null = null;

  /** `createWorkerPool` makes and starts one. */
  constructor({ workerBin, firstPort, announcedAddress = null }: WorkerPoolOptions, count: number) {
    super();
    this.#workerBin = workerBin;
    this.#slots = Array.from({ length: count }, (_, index) => ({
      index,
      infos: listenInfos(firstPort === null ? null : firstPort + index, announcedAddress),
      running: null,
      runs: 0,
      shortLives: 0,
      timer: null,
    }));
  }

  async start(): Promise<void> {
    const started = await Promise.allSettled(this.#slots.map((slot) => this.#run(slot)));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /**
   * Makes a router on the worker that carries least. It belongs to the caller, who closes it.
   * @throws Error when no worker runs and none comes up within ten seconds, when the pool is closed,
   *   or (mediasoup's) when a codec is not one of its own
   */
  async createRouter(mediaCodecs: types.RouterRtpCodecCapability[]): Promise<Placement> {
    for (;;) {
      const worker = this.#lightest() ?? (await this.#nextToRun());
      try {
        const router = await worker.createRouter(mediaCodecs);
        if (!worker.closed) return { router, webRtcServer: worker.webRtcServer, workerId: worker.id };
      } catch (error) {
        // It died just now: another takes the router. Any other complaint is the caller's.
        if (!worker.closed) throw error;
      }
    }
  }

  /** What each worker that runs carries; fewer than there are cores while one is being replaced. */
  load(): WorkerLoad[] {
    return this.#running().map((worker) => worker.load());
  }

  /** What each worker that runs says it holds: for finding out what was not closed. */
  async dump(): Promise<types.WorkerDump[]> {
    return await Promise.all(this.#running().map((worker) => worker.dump()));
  }

  /** Ends all workers, and with them every router; resolves when their processes are gone. Twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  #running(): WorkerProcess[] {
    return this.#slots.map(({ running }) => running).filter((worker) => worker !== null);
  }

  #lightest(): WorkerProcess | null {
    if (this.#closing !== null) throw closed();
    return this.#running().reduce<WorkerProcess | null>(
      (least, worker) => (least === null || worker.weight < least.weight ? worker : least),
      null,
    );
  }

  async #nextToRun(): Promise<WorkerProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<WorkerProcess>();
    const waiter = { resolve, reject };
    this.#waiting.add(waiter);
    const timer = setTimeout(
      () => reject(new Error('No media worker is running just now, so there is no room to talk in. Try again.')),
      WAITS_FOR_MS,
    );
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(waiter);
    }
  }

  /** Starts a worker in a slot, and sees to it that it is replaced. */
  async #run(slot: Slot): Promise<void> {
    slot.runs++;
    const id = `${slot.index}.${slot.runs}`;
    const worker = await startWorkerProcess({ id, slot: slot.index, bin: this.#workerBin, listenInfos: slot.infos });
    if (this.#closing !== null) return await worker.close();
    slot.running = worker;
    worker.onDied((error, routerIds) => {
      slot.running = null;
      const lived = performance.now() - worker.startedAt;
      this.#replace(slot, lived < STEADY_AFTER_MS ? slot.shortLives + 1 : 0);
      this.emit('died', { workerId: worker.id, routerIds, error });
    });
    for (const { resolve } of this.#waiting) resolve(worker);
  }

  #replace(slot: Slot, shortLives: number): number {
    slot.shortLives = shortLives;
    const delay = backOffMs(shortLives);
    slot.timer = setTimeout(() => {
      slot.timer = null;
      const attempt = this.#run(slot).then(
        () => {
          if (slot.running !== null) {
            const { workerId, pid } = slot.running.load();
            this.emit('replaced', { workerId, pid });
          }
        },
        (error: Error) => {
          if (this.#closing === null) {
            this.emit('notReplaced', { error, retryInMs: this.#replace(slot, slot.shortLives + 1) });
          }
        },
      );
      this.#starting.add(attempt);
      void attempt.finally(() => this.#starting.delete(attempt));
    }, delay);
    return delay;
  }

  async #end(): Promise<void> {
    for (const { reject } of this.#waiting) reject(closed());
    for (const slot of this.#slots) if (slot.timer !== null) clearTimeout(slot.timer);
    await Promise.all([...this.#starting, ...this.#running().map((worker) => worker.close())]);
    for (const slot of this.#slots) slot.running = null;
  }
}

function closed(): Error {
  return new Error('The media workers are being stopped. Ask again when the service has started.');
}
