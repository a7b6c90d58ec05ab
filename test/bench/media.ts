/**
 * media: what a room of ours costs the media worker, beside bare mediasoup with the same peers. Two telephones a room
 * (PCMU, behind the same edge), and two browsers (opus and VP8 over ICE, DTLS and SRTP). Each side has a worker of its
 * own on the server's core; packets are counted where they arrive. Then what has no peer: what a leg costs, how many
 * rooms a core holds, and how long it is silent when the worker is killed.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { MediaEdge } from '../../media/edge/edge.ts';
import { ROUTER_CODECS } from '../../media/sdp/codecs.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { settings } from '../support/media/edgeStage.ts';
import { startPool } from '../support/media/roomStage.ts';
import { RtpPeer, rtpPacket } from '../support/media/rtpPeer.ts';
import { WeriftBrowser } from '../support/media/weriftBrowser.ts';
import { inTurns, type Benchmark, type Measurement } from './benchmark.ts';
import { speak, type Speaker } from './load/speak.ts';
import {
  canPin,
  cpuSeconds,
  moveToServerCore,
  residentBytes,
  startOnServerCore,
  threadsCpuSeconds,
} from './parts/machine.ts';
import { joinBrowsers, joinTelephones } from './peers/ownRooms.ts';
import { joinRawBrowsers, joinRawTelephones } from './peers/rawRooms.ts';
import { median, type Round } from './statistics.ts';

const rooms = fileURLToPath(new URL('peers/rooms.ts', import.meta.url));

const TELEPHONE_ROOMS = 80;
const BROWSER_ROOMS = 4;
/** Of a picture, each 20 ms: 0.9 Mbit/s. */
const PICTURE_PACKETS = 2;
const PICTURE_OCTETS = 1_100;
const SECONDS = 5;
const WARM_UP_SECONDS = 3;
/** What the peers, which decrypt in JavaScript, may be behind. */
const PATIENCE_MS = 2_000;
/** A packet that is lost was carried by nobody; a run that lost more is taken again, so often at most. */
const MOST_LOST = 0.01;
const TRIES = 4;

/** Rooms are added by so many, each step for so long, until more than one packet of a thousand is lost. */
const ROOMS_A_STEP = 40;
const MOST_ROOMS = 320;
const STEP_SECONDS = 3;
const LOSS_THAT_IS_HEARD = 0.001;

const DEATHS = 5;
/** Longer than it takes until a room is rebuilt. */
const LISTENS_SECONDS = 2;

/** Speaking ends some time before it is asked who was heard. */
const SILENT_MS = 1_000;

/** One party, and what it sent and heard. */
interface Party extends Speaker {
  readonly packetsAFrame: number;
  /** Packets since it was last asked. */
  heard(): number;
  close(): Promise<void>;
}

class Telephone implements Party {
  readonly packetsAFrame = 1;
  readonly peer: RtpPeer;
  #sequence = 0;

  private constructor(peer: RtpPeer) {
    this.peer = peer;
  }

  static async open(): Promise<Telephone> {
    return new Telephone(await RtpPeer.open());
  }

  sendFrame(): void {
    const sequence = (this.#sequence += 1);
    this.peer.send(rtpPacket({ sequence, timestamp: sequence * 160, payload: SOUND }));
  }

  heard(): number {
    const count = this.peer.heard.length;
    this.peer.heard.length = this.peer.raw.length = 0;
    return count;
  }

  /**
   * The longest silence between two packets since it was last asked, in milliseconds.
   * @throws Error when it goes on: sound did not come back
   */
  longestSilence(): number {
    const { heard } = this.peer;
    const quiet = performance.now() - (heard.at(-1)?.at ?? 0);
    if (quiet > SILENT_MS) throw new Error(`A telephone has heard nothing for ${quiet.toFixed(0)} ms.`);
    const gaps = heard.map(({ at }, index) => at - (heard[index - 1]?.at ?? at));
    this.heard();
    return Math.max(...gaps);
  }

  async close(): Promise<void> {
    await this.peer.close();
  }
}

const SOUND = Buffer.alloc(160, 0x55);

class Browser implements Party {
  readonly packetsAFrame = 1 + PICTURE_PACKETS;
  readonly peer = new WeriftBrowser();

  sendFrame(): void {
    this.peer.say('audio');
    for (let packet = 0; packet < PICTURE_PACKETS; packet += 1) this.peer.say('video', PICTURE_OCTETS);
  }

  heard(): number {
    const { audio, video } = this.peer.heard;
    Object.assign(this.peer.heard, { audio: 0, video: 0 });
    return audio + video;
  }

  async close(): Promise<void> {
    await this.peer.close();
  }
}

/** Parties who speak with each other in rooms, all of them on one worker. */
interface Crowd {
  pid: number;
  parties: Party[];
  close(): Promise<void>;
}

type Join<P extends Party> = (pool: WorkerPool, edge: MediaEdge, pair: readonly [P, P]) => Promise<unknown>;

async function openCrowd<P extends Party>(
  roomCount: number,
  open: () => Promise<P>,
  join: Join<P>,
  ports: { from: number; to: number },
): Promise<Crowd> {
  const pool = await startPool(1);
  const pid = pidOf(pool);
  moveToServerCore(pid);
  const edge = new MediaEdge(settings({ ports, mostLegs: 2 * roomCount }));
  const parties: P[] = [];
  for (let room = 0; room < roomCount; room += 1) {
    const pair = [await open(), await open()] as const;
    await join(pool, edge, pair);
    parties.push(...pair);
  }
  return {
    pid,
    parties,
    async close() {
      await Promise.all(parties.map((party) => party.close()));
      await edge.close();
      await pool.close();
    },
  };
}

function pidOf(pool: WorkerPool): number {
  const [worker] = pool.load();
  if (worker === undefined) throw new Error('No media worker runs.');
  return worker.pid;
}

function sumHeard(parties: readonly Party[]): number {
  return parties.reduce((sum, party) => sum + party.heard(), 0);
}

/** @throws Error when packets were lost time and again: the machine is too busy to measure anything */
async function packetsPerCpuSecond({ pid, parties }: Crowd): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    sumHeard(parties);
    const before = threadsCpuSeconds(pid);
    const sent = (await speak(parties, SECONDS)) * (parties[0]?.packetsAFrame ?? 0);
    const heard = await hearAll(parties, sent);
    const spent = threadsCpuSeconds(pid) - before;
    if (heard >= sent * (1 - MOST_LOST)) return heard / spent;
    if (tries === TRIES) throw new Error(`Of ${sent} packets ${heard} arrived, and no more in ${TRIES} tries.`);
  }
}

/** @returns packets that were heard when all had been, or nobody waits any longer */
async function hearAll(parties: readonly Party[], sent: number): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  let heard = sumHeard(parties);
  while (heard < sent && performance.now() < until) {
    await delay(50);
    heard += sumHeard(parties);
  }
  return heard;
}

async function compare<P extends Party>(
  roomCount: number,
  open: () => Promise<P>,
  join: { ours: Join<P>; raw: Join<P> },
): Promise<Round[]> {
  const ours = await openCrowd(roomCount, open, join.ours, { from: 20_000, to: 24_999 });
  const peer = await openCrowd(roomCount, open, join.raw, { from: 25_000, to: 29_999 });
  for (const { parties } of [ours, peer]) await speak(parties, WARM_UP_SECONDS);
  const { rounds } = await inTurns(
    () => packetsPerCpuSecond(ours),
    () => packetsPerCpuSecond(peer),
    { rounds: (ours, peer) => ({ ours, peer }) },
  );
  await Promise.all([ours.close(), peer.close()]);
  return rounds;
}

async function compareTelephones(): Promise<Round[]> {
  return await compare(TELEPHONE_ROOMS, () => Telephone.open(), {
    ours: async (pool, edge, [alice, bob]) => {
      const { targets } = await joinTelephones(pool, edge, [alice.peer.port, bob.peer.port]);
      alice.peer.sendsTo(targets[0]);
      bob.peer.sendsTo(targets[1]);
    },
    raw: async (pool, edge, [alice, bob]) =>
      joinRawTelephones(await pool.createRouter([...ROUTER_CODECS]), edge, [alice.peer, bob.peer]),
  });
}

async function compareBrowsers(): Promise<Round[]> {
  return await compare(BROWSER_ROOMS, () => Promise.resolve(new Browser()), {
    ours: (pool, _edge, [alice, bob]) => joinBrowsers(pool, [alice.peer, bob.peer]),
    raw: async (pool, _edge, [alice, bob]) =>
      joinRawBrowsers(await pool.createRouter([...ROUTER_CODECS]), [alice.peer, bob.peer]),
  });
}

/** How many rooms of two telephones a core holds that carries Node, edge and worker; and what a leg of them costs. */
async function measureCore(): Promise<string[]> {
  const telephones = await Promise.all(Array.from({ length: 2 * MOST_ROOMS }, () => Telephone.open()));
  const pairs = Array.from({ length: MOST_ROOMS }, (_, room) =>
    telephones.slice(2 * room, 2 * room + 2).map(({ peer }) => peer.port),
  );
  const program = await startOnServerCore([rooms, JSON.stringify(pairs)], {}, /rooms (\{.*\})\./);
  const { worker, before, ports } = JSON.parse(program.said[1] ?? '') as {
    worker: number;
    before: { service: number; worker: number };
    ports: [number, number][];
  };
  ports.flat().forEach((port, at) => telephones[at]?.peer.sendsTo(port));
  const memory = (pid: number, empty: number) => Math.round((residentBytes(pid) - empty) / telephones.length / 1e3);
  const notes = [
    `a telephone's leg holds ${memory(program.pid, before.service)} kB in Node with its edge and ` +
      `${memory(worker, before.worker)} kB in the worker`,
  ];
  const held = await climb(telephones, { service: program.pid, worker });
  await program.stop();
  await Promise.all(telephones.map((telephone) => telephone.close()));
  const share = (part: number) => `${(part * 100).toFixed(2)} %`;
  return [
    ...notes,
    `and takes ${share(held.service)} of a core in Node with its edge and ${share(held.worker)} in the worker`,
    `${canPin ? 'one core' : 'the machine'} held ${held.rooms} rooms of two telephones, Node, edge and worker together, ` +
      (held.rooms === MOST_ROOMS ? 'and more were not tried' : `and lost packets with ${held.rooms + ROOMS_A_STEP}`),
  ];
}

/** Shares of a core are of one leg, in the last step that lost nothing. */
async function climb(telephones: Telephone[], pids: { service: number; worker: number }) {
  await speak(telephones.slice(0, 2 * ROOMS_A_STEP), WARM_UP_SECONDS);
  let held = { rooms: 0, service: 0, worker: 0 };
  for (let count = ROOMS_A_STEP; count <= MOST_ROOMS; count += ROOMS_A_STEP) {
    const speaking = telephones.slice(0, 2 * count);
    sumHeard(telephones);
    const before = { service: cpuSeconds(pids.service), worker: cpuSeconds(pids.worker) };
    const sent = await speak(speaking, STEP_SECONDS);
    if (sumHeard(speaking) < sent * (1 - LOSS_THAT_IS_HEARD)) break;
    const share = (which: 'service' | 'worker') =>
      (cpuSeconds(pids[which]) - before[which]) / STEP_SECONDS / speaking.length;
    held = { rooms: count, service: share('service'), worker: share('worker') };
  }
  return held;
}

/** The longest silence that a telephone hears when the worker of its room is killed, and when it is not. */
async function measureDeaths(): Promise<Measurement> {
  const pool = await startPool(2);
  const edge = new MediaEdge(settings());
  const [alice, bob] = [await Telephone.open(), await Telephone.open()];
  const { room, targets } = await joinTelephones(pool, edge, [alice.peer.port, bob.peer.port]);
  alice.peer.sendsTo(targets[0]);
  bob.peer.sendsTo(targets[1]);
  const silence = async (disturb: () => Promise<void>): Promise<number> => {
    bob.heard();
    const spoken = speak([alice, bob], LISTENS_SECONDS);
    await once(bob.peer.socket, 'message');
    await disturb();
    await spoken;
    return bob.longestSilence();
  };
  const rounds: Round[] = [];
  for (let death = 0; death < DEATHS; death += 1) {
    const peer = await silence(() => Promise.resolve());
    const ours = await silence(async () => {
      const rebuilt = once(room, 'rebuilt');
      const { workerId } = room.placement;
      process.kill(pool.load().find((one) => one.workerId === workerId)?.pid ?? 0, 'SIGKILL');
      await rebuilt;
    });
    rounds.push({ ours, peer });
  }
  room.close();
  await edge.close();
  await pool.close();
  await Promise.all([alice.close(), bob.close()]);
  return {
    name: 'media death',
    what: 'the longest silence that a telephone hears when the worker of its room is killed ÷ when it is not',
    unit: 'ms',
    rounds,
    target: 'none',
    notes: [`the median silence of ${DEATHS} deaths is ${median(rounds.map(({ ours }) => ours)).toFixed(0)} ms`],
  };
}

export const media: Benchmark = {
  name: 'media',
  async measure() {
    const unit = 'packets per CPU second of the worker';
    const telephones = await compareTelephones();
    const browsers = await compareBrowsers();
    const deaths = await measureDeaths();
    const notes = await measureCore();
    return [
      {
        name: 'media telephones',
        what: `packets of ${TELEPHONE_ROOMS} rooms of two telephones (PCMU) ÷ the same on bare mediasoup behind the same edge`,
        unit,
        rounds: telephones,
        target: { atLeast: 0.98 },
        notes,
      },
      {
        name: 'media browsers',
        what: `packets of ${BROWSER_ROOMS} rooms of two browsers (opus and VP8 over DTLS-SRTP) ÷ the same on bare mediasoup`,
        unit,
        rounds: browsers,
        target: { atLeast: 0.98 },
        notes: [],
      },
      deaths,
    ];
  },
};
