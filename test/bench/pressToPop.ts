/**
 * press-to-pop: from a press on the TV until the offer is in the agent's hands, all of it committed
 * before, against one commit of one row by pgbench on the same disk; while nothing else happens, and
 * while other talks of the same contact centre keep the service half busy.
 */
import { inTurns, type Benchmark } from './benchmark.ts';
import { nextId, openAgent, openTv, type Client } from './load/client.ts';
import { drive, keepDriving } from './load/drive.ts';
import { offered, openTalks, pressFrame } from './load/talks.ts';
import type { Ground } from './parts/ground.ts';
import { profileOf, sharesIn, type Profile } from './parts/profile.ts';
import { PEER_EVENT } from './durable.ts';
import { pgbench, preparePeer } from './peers/pgbench.ts';
import { GAP_MS, PAIRS } from './relayCpu.ts';
import { percentile } from './statistics.ts';

const PRESSES = 150;
const SECONDS = 3;
/** Pressing in turn, so that nobody says more than the service lets one say. */
const TVS = 30;

/** Presses one after the other. @returns milliseconds until the agent had each */
async function presses(agent: Client, tvs: Client[]): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < PRESSES; n += 1) {
    const tv = tvs[n % tvs.length] as Client;
    const offer = offered(agent);
    const began = performance.now();
    tv.send(pressFrame(nextId()));
    const { interactionId } = await offer;
    times.push(performance.now() - began);
    // It leaves again, and the agent is free for the next.
    const free = agent.next((message) => (message.type === 'presence' && message.work.length === 0) || undefined);
    tv.send(JSON.stringify({ v: 1, id: nextId(), type: 'viewer', interactionId, command: { type: 'leave' } }));
    await free;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return times;
}

export const pressToPop: Benchmark = {
  name: 'press-to-pop',
  async measure(ground) {
    const stage = await ground.stage();
    const service = await stage.service();
    await preparePeer(ground.peerUrl);
    const centre = await stage.centre(PAIRS + 1, PAIRS + TVS);
    const talking = { ...centre, agents: centre.agents.slice(0, PAIRS), tvs: centre.tvs.slice(0, PAIRS) };
    const talks = await openTalks(service, talking);
    const agent = await openAgent(service, centre.agents[PAIRS]!);
    const tvs = await Promise.all(centre.tvs.slice(PAIRS).map((tv) => openTv(service, tv)));
    await presses(agent, tvs);
    const full = await drive(talks, SECONDS, GAP_MS);
    const half = full.messages / full.seconds / 2;

    const ours = async () => {
      const idle = percentile(await presses(agent, tvs), 50);
      const load = keepDriving(talks, (PAIRS / half) * 1000);
      const loaded = percentile(await presses(agent, tvs), 50);
      await load.stop();
      return { idle, loaded };
    };
    const peer = async () => {
      const run = await pgbench(ground.peerUrl, PEER_EVENT, { rows: 1, connections: 1, seconds: SECONDS });
      return percentile(run.latenciesMs, 50);
    };
    const { idle, loaded } = await inTurns(ours, peer, {
      idle: (ours, peer) => ({ ours: ours.idle, peer }),
      loaded: (ours, peer) => ({ ours: ours.loaded, peer }),
    });
    await Promise.all([agent, ...tvs, ...talks].map((one) => one.close()));
    await service.stop();
    await stage.close();
    const { shares } = await profile(ground);
    const what = 'p50 from the press until the agent has the offer ÷ a commit of one row by pgbench';
    return [
      {
        name: 'press-to-pop idle',
        what,
        unit: 'ms',
        rounds: idle,
        target: { atMost: 1.5 },
        notes: [`where the service's CPU goes: ${sharesIn(shares)}`],
      },
      {
        name: 'press-to-pop half load',
        what: `${what}, while ${Math.round(half)} other events a second are relayed`,
        unit: 'ms',
        rounds: loaded,
        target: { atMost: 3 },
        notes: [],
      },
    ];
  },
  profile,
};

/** Of presses one after the other, while nothing else happens. */
async function profile(ground: Ground): Promise<Profile> {
  const stage = await ground.stage();
  const centre = await stage.centre(1, TVS);
  const profile = await profileOf(
    stage,
    async (service) => {
      const agent = await openAgent(service, centre.agents[0]!);
      const tvs = await Promise.all(centre.tvs.map((tv) => openTv(service, tv)));
      await presses(agent, tvs);
      return { agent, tvs };
    },
    async ({ agent, tvs }) => {
      for (let round = 0; round < 3; round += 1) await presses(agent, tvs);
      await Promise.all([agent, ...tvs].map((one) => one.close()));
    },
  );
  await stage.close();
  return profile;
}
