/**
 * media-edge: what a telephone's leg costs the CPU. A hundred legs of PCMU, 50 packets a second each way, go through
 * our edge or through rtpengine in userspace; both take packets from one UDP socket and send them on from another, and
 * ours gives them another SSRC and payload type on the way. Packets are counted where they arrive.
 */
import { fileURLToPath } from 'node:url';
import { RtpPeer, rtpPacket } from '../support/media/rtpPeer.ts';
import { inTurns, type Benchmark } from './benchmark.ts';
import { speak } from './load/speak.ts';
import { canPin, SERVER_CORE, startOnServerCore, threadsCpuSeconds } from './parts/machine.ts';
import { hasRtpengine, startRtpengine } from './peers/rtpengine.ts';
import type { Round } from './statistics.ts';

const edge = fileURLToPath(new URL('peers/edge.ts', import.meta.url));
const LEGS = 100;
/** A round is so many short turns of each, one after the other: what else the machine does falls on both. */
const TURNS = 6;
const TURN_SECONDS = 1;
/** Until code is compiled; it takes its time where a core is shared. */
const WARM_UP_SECONDS = 10;
/** A packet that is lost was carried by nobody; a run that lost more is taken again, so often at most. */
const MOST_LOST = 0.01;
const TRIES = 6;

/** Two ports that speak with each other through what is measured. */
class Pair {
  readonly telephone: RtpPeer;
  readonly room: RtpPeer;
  #sequence = 1;
  #ssrc = { telephone: 0x1111, room: 0x2222 };

  private constructor(telephone: RtpPeer, room: RtpPeer) {
    this.telephone = telephone;
    this.room = room;
  }

  static async open(): Promise<Pair> {
    return new Pair(await RtpPeer.open(), await RtpPeer.open());
  }

  get ports() {
    return { telephone: this.telephone.port, room: this.room.port };
  }

  sendTo(ports: { telephone: number; room: number }, ssrc = this.#ssrc): void {
    this.telephone.sendsTo(ports.telephone);
    this.room.sendsTo(ports.room);
    this.#ssrc = ssrc;
  }

  sendFrame(): void {
    const sequence = (this.#sequence += 1);
    const fields = { sequence, timestamp: sequence * 160, payload };
    this.telephone.send(rtpPacket({ ...fields, ssrc: this.#ssrc.telephone }));
    this.room.send(rtpPacket({ ...fields, ssrc: this.#ssrc.room }));
  }

  /** Packets heard since it was last asked. */
  heard(): number {
    let count = 0;
    for (const { heard, raw } of [this.telephone, this.room]) {
      count += heard.length;
      heard.length = 0;
      raw.length = 0;
    }
    return count;
  }
}

const payload = Buffer.alloc(160, 0x55);

interface Carrier {
  pid: number;
  pairs: Pair[];
  stop(): Promise<void>;
}

async function openPairs(): Promise<Pair[]> {
  return await Promise.all(Array.from({ length: LEGS }, () => Pair.open()));
}

async function startEdge(): Promise<Carrier> {
  const pairs = await openPairs();
  const program = await startOnServerCore(
    [edge, JSON.stringify(pairs.map(({ ports }) => ports))],
    {},
    /legs (\{.*\})\./,
  );
  const said = JSON.parse(program.said[1] ?? '') as {
    legs: { telephone: number; room: number }[];
    ssrc: { telephone: number; room: number };
  };
  pairs.forEach((pair, at) => pair.sendTo(said.legs[at] as { telephone: number; room: number }, said.ssrc));
  return { pid: program.pid, pairs, stop: () => program.stop() };
}

async function startPeer(): Promise<Carrier> {
  const pairs = await openPairs();
  const engine = await startRtpengine(canPin ? ['taskset', '-c', String(SERVER_CORE)] : []);
  for (const [at, pair] of pairs.entries()) {
    const { one, other } = await engine.call(`leg-${at}`, pair.ports.telephone, pair.ports.room);
    pair.sendTo({ telephone: one, room: other });
  }
  return { pid: engine.pid, pairs, stop: () => engine.stop() };
}

interface Carried {
  packets: number;
  cpuSeconds: number;
}

/** @throws Error when packets were lost time and again: the machine is too busy to measure anything */
async function carry({ pid, pairs }: Carrier): Promise<Carried> {
  for (let tries = 1; ; tries += 1) {
    pairs.forEach((pair) => pair.heard());
    const before = threadsCpuSeconds(pid);
    const sent = 2 * (await speak(pairs, TURN_SECONDS));
    const packets = pairs.reduce((sum, pair) => sum + pair.heard(), 0);
    const spent = threadsCpuSeconds(pid) - before;
    if (packets >= sent * (1 - MOST_LOST)) return { packets, cpuSeconds: spent };
    if (tries === TRIES) throw new Error(`Of ${sent} packets ${packets} arrived, and no more in ${TRIES} tries.`);
  }
}

async function round(ours: Carrier, peer: Carrier): Promise<Round> {
  const turns: { ours: Carried; peer: Carried }[] = [];
  for (let turn = 1; turn <= TURNS; turn += 1) turns.push({ ours: await carry(ours), peer: await carry(peer) });
  const packetsPerCpuSecond = (of: 'ours' | 'peer') => {
    const sum = (what: keyof Carried) => turns.reduce((total, turn) => total + turn[of][what], 0);
    return sum('packets') / sum('cpuSeconds');
  };
  return { ours: packetsPerCpuSecond('ours'), peer: packetsPerCpuSecond('peer') };
}

export const mediaEdge: Benchmark = {
  name: 'media-edge',
  async measure() {
    if (!hasRtpengine()) {
      console.log('media-edge is left out: there is no rtpengine. On Debian: apt-get install rtpengine-daemon');
      return [];
    }
    const ours = await startEdge();
    const peer = await startPeer();
    for (const { pairs } of [ours, peer]) await speak(pairs, WARM_UP_SECONDS);
    const { rounds } = await inTurns(
      () => round(ours, peer),
      async () => {},
      { rounds: (both) => both },
    );
    await Promise.all([ours.stop(), peer.stop()]);
    for (const { telephone, room } of [...ours.pairs, ...peer.pairs])
      await Promise.all([telephone.close(), room.close()]);
    return [
      {
        name: 'media-edge',
        what: `packets of ${LEGS} telephones' legs (PCMU, both ways) per second of CPU of the edge ÷ rtpengine in userspace`,
        unit: 'packets per CPU second',
        rounds,
        target: { atLeast: 0.8 },
        notes: [],
      },
    ];
  },
};
