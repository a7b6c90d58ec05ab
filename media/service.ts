/**
 * The media layer as the service runs it: workers, rooms, legs and the telephones' edge, with one sentence that says
 * why there are none when there are none.
 *
 *     off (no workers wanted)
 *     starting ──workers listen──▶ running ──close──▶ closed
 *        ▲  └──no binary, no port──▶ without ──(later and later)──┐
 *        └────────────────────────────────────────────────────────┘
 *
 * Workers that die later are the pool's to replace.
 */
import { availableParallelism } from 'node:os';
import { MediaEdge } from './edge/edge.ts';
import type { Counts } from './edge/messages.ts';
import type { Leg, Placement } from './leg.ts';
import type { MediaMeter } from './meter.ts';
import { createRoom, type Room } from './room.ts';
import { createRtpLeg, type RtpLegOptions, type TelephoneLeg } from './rtpLeg.ts';
import { ROUTER_CODECS } from './sdp/codecs.ts';
import { SoundLibrary } from './sounds/library.ts';
import type { SoundFrom } from './sounds/readSound.ts';
import { turnCredentials, type TurnCredentials, type TurnServer } from './turn.ts';
import { createWebRtcLeg, type WebRtcLegOptions } from './webRtcLeg.ts';
import { findWorker } from './worker/findWorker.ts';
import { backOffMs } from './workers/backOff.ts';
import { machineAddresses } from './workers/listen.ts';
import { createWorkerPool, type WorkerPool } from './workers/workerPool.ts';
import type { WorkerLoad } from './workers/workerProcess.ts';

/** Below where workers listen and the system hands out by itself. Two a leg. */
const TELEPHONE_PORTS = { from: 7_000, to: 9_499 };
/** Telephones, and sounds that rooms play. */
const MOST_AT_EDGE = 1_000;
/** Twice what a telephone sends. */
const TELEPHONE_PACKETS_PER_SECOND = 100;
const REPORT_EVERY_MS = 5_000;
/** A signal that is meant for all of them has reached them all by then. */
const SIGNALLED_WITHIN_MS = 250;

const OFF = 'There is no sound and no picture: MEDIA_WORKERS is 0.';
const CLOSED = 'There is no sound and no picture any more: the service is stopping.';
const STARTING = 'The media workers are starting. Try again in a few seconds.';

export interface MediaServiceOptions {
  /** Another worker binary than the installed one. */
  workerBin: string | null;
  /** How many; null is one a core, 0 is no media at all. */
  workers: number | null;
  /** The first worker's UDP and TCP port; null takes free ones. */
  firstPort: number | null;
  /** What browsers and telephones are told to send to, where it is not this machine's own address. */
  announcedAddress: string | null;
  turn: TurnServer | null;
  meter: MediaMeter;
  /** Told what whoever runs the service wants to know; `sentence` is for people. */
  log: {
    warn(fields: object, sentence: string): void;
    info(fields: object, sentence: string): void;
  };
}

/** What is there just now. */
export interface MediaFigures {
  workersWanted: number;
  workers: readonly WorkerLoad[];
  /** With those of one. */
  rooms: number;
  legs: Readonly<Record<Leg['kind'], number>>;
}

/** Made at the start of the service, closed at its end. */
export class MediaService {
  readonly #options: MediaServiceOptions;
  readonly #wanted: number;
  readonly #rooms = new Set<Room>();
  readonly #legs = new Set<Leg>();
  readonly #sounds = new SoundLibrary();
  #pool: WorkerPool | null = null;
  #edge: MediaEdge | null = null;
  #missing: string | null;
  #failures = 0;
  #attempt: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | null = null;
  #draining = false;
  #closing: Promise<void> | null = null;

  constructor(options: MediaServiceOptions) {
    this.#options = options;
    this.#wanted = options.workers ?? availableParallelism();
    this.#missing = this.#wanted === 0 ? OFF : STARTING;
  }

  /** Why there is neither sound nor picture and what to do, in a sentence or two; null when there are. */
  get missing(): string | null {
    if (this.#closing !== null) return CLOSED;
    if (this.#pool !== null && this.#pool.load().length === 0) {
      return 'There is no sound and no picture for a moment: every media worker died, and others are being started.';
    }
    return this.#missing;
  }

  /** What browsers and telephones are told to send to. */
  get addresses(): readonly string[] {
    const { announcedAddress } = this.#options;
    return announcedAddress === null ? machineAddresses() : [announcedAddress];
  }

  /** The TURN server's, without what opens it. */
  get turnUrls(): readonly string[] {
    return this.#options.turn?.urls ?? [];
  }

  /** Starts the workers. Resolves when they listen or it is known why not; then it is tried again by itself. */
  start(): Promise<void> {
    if (this.#wanted > 0 && this.#closing === null) this.#attempt = this.#start();
    return this.#attempt;
  }

  /** @throws Error that says why there is no room to talk in */
  async openRoom(): Promise<Room> {
    const room = await createRoom({
      place: () => this.place(),
      openSource: async () => await this.#openEdge().openSource(),
    });
    this.#rooms.add(room);
    room.on('closed', () => this.#rooms.delete(room));
    room.on('trouble', (id, err) => {
      const what = id.startsWith('sound-') ? 'Music on hold cannot be played.' : 'A leg did not do what its room said.';
      this.#options.log.warn({ leg: id, err }, what);
    });
    return room;
  }

  /**
   * Loads sounds to be played, by rooms and to telephones, under their names: all of them, or none. They stay for as
   * long as the service runs.
   * @throws Error what is wrong with which, and what would be right
   */
  async loadSounds(sounds: Readonly<Record<string, SoundFrom>>): Promise<void> {
    await this.#sounds.load(sounds);
    if (this.#edge !== null) await this.#giveSounds(this.#edge);
  }

  /**
   * Makes a router for media outside of any room. It is the caller's to close.
   * @throws Error that says why there is none
   */
  async place(): Promise<Placement> {
    if (this.#pool === null) throw new Error(this.missing ?? STARTING);
    return await this.#pool.createRouter(structuredClone([...ROUTER_CODECS]));
  }

  /** A browser's leg, which the caller closes. */
  async openBrowserLeg(options: WebRtcLegOptions): Promise<Leg> {
    return this.#watched(await createWebRtcLeg(options));
  }

  /** A telephone's leg, which the caller closes. The edge is started with the first. */
  async openTelephoneLeg(options: Omit<RtpLegOptions, 'edge'>): Promise<TelephoneLeg> {
    const { announcedAddress } = this.#options;
    const told = announcedAddress === null ? {} : { announcedAddress };
    return this.#watched(await createRtpLeg({ ...told, ...options, edge: this.#openEdge() }));
  }

  /**
   * What a browser is given so that it can be relayed: for a leg that ends by then.
   * @param name goes into the TURN server's log: an id, never a person's name
   * @param until milliseconds since the epoch
   */
  turnFor(name: string, until: number): TurnCredentials[] {
    const { turn } = this.#options;
    return turn === null ? [] : [turnCredentials(turn, name, until)];
  }

  figures(): MediaFigures {
    const legs = { webrtc: 0, rtp: 0 };
    for (const { kind } of this.#legs) legs[kind]++;
    const workers = this.#pool?.load() ?? [];
    const rooms = workers.reduce((sum, { routers }) => sum + routers, 0);
    return { workersWanted: this.#wanted, workers, rooms, legs };
  }

  /** What became of telephones' datagrams; null while no telephone was there yet. */
  async edgeCounts(): Promise<Counts | null> {
    return (await this.#edge?.count()) ?? null;
  }

  /**
   * The service is about to end, and people finish talking. A terminal's Ctrl-C ends the workers as well: from now on
   * that is not remarkable.
   */
  drain(): void {
    this.#draining = true;
  }

  /** Ends every leg, room and worker, and resolves when their processes are gone. Twice is harmless. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #start(): Promise<void> {
    const { workerBin, firstPort, announcedAddress } = this.#options;
    try {
      const found = await findWorker(workerBin);
      if ('missing' in found) return this.#without(found.missing);
      const pool = await createWorkerPool({
        workerBin: found.path,
        workers: this.#wanted,
        firstPort,
        announcedAddress,
      });
      this.#follow(pool);
      if (this.#failures > 0) this.#options.log.info({}, 'The media workers run now: there is sound and picture.');
      this.#pool = pool;
      this.#missing = null;
    } catch (error) {
      this.#without(`There is no sound and no picture. ${(error as Error).message}`);
    }
  }

  /** Says it once, and tries again later and later. */
  #without(sentence: string): void {
    if (this.#closing !== null) return;
    this.#options.meter.workerNotStarted();
    this.#failures++;
    if (sentence !== this.#missing) this.#options.log.warn({}, sentence);
    this.#missing = sentence;
    this.#retry = setTimeout(() => void this.start(), backOffMs(this.#failures)).unref();
  }

  #follow(pool: WorkerPool): void {
    const { log, meter } = this.#options;
    // A terminal's Ctrl-C reaches the workers too, perhaps sooner than the service: then it is no news.
    const unlessEnding = (tell: () => void) => {
      setTimeout(() => this.#draining || tell(), SIGNALLED_WITHIN_MS).unref();
    };
    pool.on('died', ({ workerId, routerIds, error }) => {
      unlessEnding(() => {
        meter.workerDied();
        const what = `A media worker died (${error.message}); its ${routerIds.length} rooms go on elsewhere.`;
        log.warn({ worker: workerId }, what);
      });
    });
    pool.on('replaced', ({ workerId }) => {
      unlessEnding(() => log.info({ worker: workerId }, 'A media worker runs in place of one that died.'));
    });
    pool.on('notReplaced', ({ error, retryInMs }) => {
      if (this.#draining) return;
      meter.workerNotStarted();
      log.warn({ retryInMs }, `No media worker could be started in place of one that died: ${error.message}`);
    });
  }

  #watched<T extends Leg>(leg: T): T {
    const { meter } = this.#options;
    let silent = false;
    this.#legs.add(leg);
    leg.on('quality', (quality) => {
      meter.quality(leg.kind, quality);
      if (quality.silent && !silent) meter.legTrouble(leg.kind, 'silent');
      silent = quality.silent;
    });
    leg.on('failed', (why) => meter.legTrouble(leg.kind, why));
    leg.on('closed', () => this.#legs.delete(leg));
    return leg;
  }

  #openEdge(): MediaEdge {
    if (this.#closing !== null) throw new Error(CLOSED);
    if (this.#edge !== null) return this.#edge;
    const edge = new MediaEdge({
      address: machineAddresses()[0] ?? '127.0.0.1',
      ports: TELEPHONE_PORTS,
      innerAddress: '127.0.0.1',
      mostLegs: MOST_AT_EDGE,
      packetsPerSecond: TELEPHONE_PACKETS_PER_SECOND,
      reportEvery: REPORT_EVERY_MS,
    });
    edge.on('died', (error) => {
      if (this.#edge === edge) this.#edge = null;
      this.#options.meter.edgeDied();
      this.#options.log.warn(
        { err: error },
        'The telephones’ media thread died; the next call or sound starts another.',
      );
    });
    this.#edge = edge;
    // It does one thing after another: what is played on it later finds them there.
    void this.#giveSounds(edge);
    return edge;
  }

  /** Their memory is shared with the edge's thread, and outlives it. */
  async #giveSounds(edge: MediaEdge): Promise<void> {
    const given = [...this.#sounds.sounds].map(([name, sound]) => edge.load(name, sound));
    // A thread that died meanwhile needs none: the next one is given all of them.
    await Promise.allSettled(given);
  }

  async #end(): Promise<void> {
    if (this.#retry !== null) clearTimeout(this.#retry);
    await this.#attempt;
    for (const leg of this.#legs) leg.close();
    for (const room of this.#rooms) room.close();
    await Promise.all([this.#edge?.close(), this.#pool?.close(), this.#sounds.close()]);
  }
}
