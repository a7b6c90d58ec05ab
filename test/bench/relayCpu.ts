/**
 * relay-cpu: what a relayed message costs the server's CPU. A live frame, which a TV sends and the
 * agent who helps it has, goes in, is parsed and checked by its schema, rate-limited, held against
 * who is in the talk, and goes out as the bytes that came. The peer's goes in and out, and that is
 * all. Both are driven at the same pace, for the busier a process is, the less a message costs it.
 *
 * `committed` is for information: a message that an agent sends and the TV has is also decided on
 * and committed to Postgres (whose own CPU is not counted), and goes back to the agent's own
 * desktop and as an answer too: one frame in, three out.
 */
import { inTurns, type Benchmark, type Measurement } from './benchmark.ts';
import { drive } from './load/drive.ts';
import { FRAME_BYTES, LiveTalk, openBarePairs, openTalks, type Pair, type Talk } from './load/talks.ts';
import type { Ground, Server } from './parts/ground.ts';
import { cpuSeconds } from './parts/machine.ts';
import { profileOf, sharesIn, type Profile } from './parts/profile.ts';

export const PAIRS = 400;
/** Just above the 20 messages a second that one sender may send. */
export const GAP_MS = 54;
const SECONDS = 4;

/** How a pair talks through the service. */
type Way = 'live' | 'committed';
const ways: { [way in Way]: (talk: Talk) => Pair } = {
  live: (talk) => new LiveTalk(talk),
  committed: (talk) => talk,
};

async function messagesPerCpuSecond(server: Server, pairs: Pair[]): Promise<number> {
  const before = cpuSeconds(server.pid);
  const { messages } = await drive(pairs, SECONDS, GAP_MS);
  return messages / (cpuSeconds(server.pid) - before);
}

export const relayCpu: Benchmark = {
  name: 'relay-cpu',
  async measure(ground: Ground): Promise<Measurement[]> {
    return [
      await measureWay(ground, 'live', {
        name: 'relay-cpu',
        what: `live frames of ${FRAME_BYTES} bytes checked, routed and relayed per second of the service's CPU ÷ a bare ws forwarder's`,
        target: { atLeast: 0.7 },
      }),
      await measureWay(ground, 'committed', {
        name: 'relay-cpu committed',
        what: `messages of ${FRAME_BYTES} bytes relayed, each committed and answered, per second of the service's CPU ÷ a bare ws forwarder's`,
        target: 'none',
      }),
    ];
  },
  profile: (ground) => profileWay(ground, 'live'),
};

async function measureWay(
  ground: Ground,
  way: Way,
  line: Pick<Measurement, 'name' | 'what' | 'target'>,
): Promise<Measurement> {
  const stage = await ground.stage();
  const service = await stage.service();
  const forwarder = await ground.forwarder();
  const talks = (await openTalks(service, await stage.centre(PAIRS, PAIRS))).map(ways[way]);
  const bare = await openBarePairs(forwarder, PAIRS);
  const ours = () => messagesPerCpuSecond(service, talks);
  const peer = () => messagesPerCpuSecond(forwarder, bare);
  await ours();
  await peer();
  const { rounds } = await inTurns(ours, peer, { rounds: (ours, peer) => ({ ours, peer }) });
  await Promise.all([...talks, ...bare].map((pair) => pair.close()));
  await Promise.all([service.stop(), forwarder.stop()]);
  await stage.close();
  const { shares } = await profileWay(ground, way);
  const notes = [`where the service's CPU goes: ${sharesIn(shares)}`];
  return { ...line, unit: 'messages per CPU second', rounds, notes };
}

/** Where the service's CPU goes under the same load. */
async function profileWay(ground: Ground, way: Way): Promise<Profile> {
  const stage = await ground.stage();
  const centre = await stage.centre(PAIRS, PAIRS);
  const profile = await profileOf(
    stage,
    async (service) => {
      const talks = (await openTalks(service, centre)).map(ways[way]);
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
