/**
 * relay-cpu: what a relayed message costs the server's CPU. A relayed message is one that an agent
 * sends and the TV it talks to has. Ours goes in, is parsed and checked by its schema, rate-limited,
 * checked against who may say what, decided on, committed to Postgres (whose own CPU is not
 * counted), and goes out to the TV, back to the agent's own desktop, and as an answer: one frame in,
 * three out. The peer's goes in and out as bytes. There is no way through the service that keeps
 * nothing, so there is no other honest figure; the profile tells what share of it keeping takes.
 */
import { inTurns, type Benchmark, type Measurement } from './benchmark.ts';
import { drive } from './load/drive.ts';
import { FRAME_BYTES, openBarePairs, openTalks, type Pair } from './load/talks.ts';
import type { Ground, Server } from './parts/ground.ts';
import { cpuSeconds } from './parts/machine.ts';
import { profileOf, sharesIn, type Profile } from './parts/profile.ts';

export const PAIRS = 400;
/** Just above the 20 messages a second that one sender may send. */
export const GAP_MS = 54;
const SECONDS = 4;

async function messagesPerCpuSecond(server: Server, pairs: Pair[], gapMs: number): Promise<number> {
  const before = cpuSeconds(server.pid);
  const { messages } = await drive(pairs, SECONDS, gapMs);
  return messages / (cpuSeconds(server.pid) - before);
}

export const relayCpu: Benchmark = {
  name: 'relay-cpu',
  async measure(ground: Ground): Promise<Measurement[]> {
    const stage = await ground.stage();
    const service = await stage.service();
    const forwarder = await ground.forwarder();
    const talks = await openTalks(service, await stage.centre(PAIRS, PAIRS));
    const bare = await openBarePairs(forwarder, PAIRS);
    const ours = () => messagesPerCpuSecond(service, talks, GAP_MS);
    const peer = () => messagesPerCpuSecond(forwarder, bare, 0);
    await ours();
    await peer();
    const { rounds } = await inTurns(ours, peer, { rounds: (ours, peer) => ({ ours, peer }) });
    await Promise.all([...talks, ...bare].map((pair) => pair.close()));
    await Promise.all([service.stop(), forwarder.stop()]);
    await stage.close();
    const { shares } = await profileRelay(ground);
    return [
      {
        name: 'relay-cpu',
        what: `messages of ${FRAME_BYTES} bytes relayed, each committed, per second of the service's CPU ÷ a bare ws forwarder's`,
        unit: 'messages per CPU second',
        rounds,
        target: { atLeast: 0.7 },
        notes: [`where the service's CPU goes: ${sharesIn(shares)}`],
      },
    ];
  },
};

/** Where the service's CPU goes under the same load. */
export async function profileRelay(ground: Ground): Promise<Profile> {
  const stage = await ground.stage();
  const centre = await stage.centre(PAIRS, PAIRS);
  const profile = await profileOf(
    stage,
    async (service) => {
      const talks = await openTalks(service, centre);
      await drive(talks, SECONDS, GAP_MS);
      return talks;
    },
    async (talks) => {
      await drive(talks, 2 * SECONDS, GAP_MS);
      await Promise.all(talks.map((talk) => talk.close()));
    },
  );
  await stage.close();
  return profile;
}
