/**
 * reconnect: what it costs the server's CPU when a TV comes back: the upgrade, its session looked
 * up, its registration, the record that it is connected, what it missed, and, when it goes, the
 * record that it is not. The peer upgrades, and that is all. Postgres' CPU is not counted.
 */
import { inTurns, type Benchmark } from './benchmark.ts';
import { Client, openTv } from './load/client.ts';
import type { Ground, Server } from './parts/ground.ts';
import { cpuSeconds } from './parts/machine.ts';
import { profileOf, sharesIn, type Profile } from './parts/profile.ts';

const TVS = 1000;
const AT_ONCE = 50;
/** How many come and go in a round; and before the first, until both are as fast as they get. */
const A_ROUND = 3_000;
const WARM_UP = 6_000;

/** TVs come and go, so many at once. */
async function comeAndGo(times: number, once: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < times) await once(next++ % TVS);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** @returns microseconds of CPU for one */
async function cpuOfOne(server: Server, once: (n: number) => Promise<void>): Promise<number> {
  const before = cpuSeconds(server.pid);
  await comeAndGo(A_ROUND, once);
  return ((cpuSeconds(server.pid) - before) * 1e6) / A_ROUND;
}

export const reconnect: Benchmark = {
  name: 'reconnect',
  async measure(ground) {
    const stage = await ground.stage();
    const service = await stage.service();
    const forwarder = await ground.forwarder();
    const { tvs } = await stage.centre(0, TVS);
    const comeBack = async (n: number) => await (await openTv(service, tvs[n]!)).close();
    const upgrade = async () => await (await Client.open(forwarder.url)).close();
    await comeAndGo(WARM_UP, comeBack);
    await comeAndGo(WARM_UP, upgrade);
    const ours = () => cpuOfOne(service, comeBack);
    const peer = () => cpuOfOne(forwarder, upgrade);
    const { rounds } = await inTurns(ours, peer, { rounds: (ours, peer) => ({ ours, peer }) });
    await Promise.all([service.stop(), forwarder.stop()]);
    await stage.close();
    const { shares } = await profile(ground);
    return [
      {
        name: 'reconnect',
        what: "the service's CPU for a TV that comes back, registers, resumes and goes ÷ a bare ws upgrade and close",
        unit: 'µs of CPU',
        rounds,
        target: { atMost: 1.5 },
        notes: [`where the service's CPU goes: ${sharesIn(shares)}`],
      },
    ];
  },
  profile,
};

/** Where the service's CPU goes under the same load. */
async function profile(ground: Ground): Promise<Profile> {
  const stage = await ground.stage();
  const { tvs } = await stage.centre(0, TVS);
  const come = (service: Server) => async (n: number) => (await openTv(service, tvs[n]!)).close();
  const profile = await profileOf(
    stage,
    async (service) => {
      await comeAndGo(WARM_UP, come(service));
      return service;
    },
    async (service) => await comeAndGo(A_ROUND, come(service)),
  );
  await stage.close();
  return profile;
}
