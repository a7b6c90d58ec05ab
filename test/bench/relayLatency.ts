/**
 * relay-latency: a frame one way and one back, with nothing else under way: live frames through
 * the service, and bytes through the peer. `committed` is for information: messages that are
 * committed on the way, once in each direction.
 */
import { inTurns, type Benchmark, type Measurement } from './benchmark.ts';
import { roundTrips } from './load/drive.ts';
import { LiveTalk, openBarePairs, openTalks, type Pair, type Talk } from './load/talks.ts';
import type { Ground } from './parts/ground.ts';
import { percentile } from './statistics.ts';

/** In turn, so that nobody says more than the service lets one say. */
const PAIRS = 50;
const TRIPS = 600;

export const relayLatency: Benchmark = {
  name: 'relay-latency',
  async measure(ground) {
    const live = await measureTrips(ground, (talk) => new LiveTalk(talk));
    const committed = await measureTrips(ground, (talk) => talk);
    const common = { unit: 'ms', notes: [] };
    const what = 'live frames TV → agent → TV, one at a time ÷ bare ws';
    const kept = 'messages agent → TV → agent, one at a time, each committed ÷ bare ws';
    return [
      { ...common, name: 'relay-latency p50', what, rounds: live.p50, target: { atMost: 1.15 } },
      { ...common, name: 'relay-latency p99', what, rounds: live.p99, target: { atMost: 1.5 } },
      { ...common, name: 'relay-latency committed p50', what: kept, rounds: committed.p50, target: 'none' },
      { ...common, name: 'relay-latency committed p99', what: kept, rounds: committed.p99, target: 'none' },
    ];
  },
};

async function measureTrips(
  ground: Ground,
  as: (talk: Talk) => Pair,
): Promise<{ [name in 'p50' | 'p99']: Measurement['rounds'] }> {
  const stage = await ground.stage();
  const service = await stage.service();
  const forwarder = await ground.forwarder();
  const talks = (await openTalks(service, await stage.centre(PAIRS, PAIRS))).map(as);
  const bare = await openBarePairs(forwarder, PAIRS);
  const both = () => roundTrips(talks, bare, TRIPS, 1);
  await both();
  const at = (percent: number) => (times: Awaited<ReturnType<typeof both>>) => ({
    ours: percentile(times.ours, percent),
    peer: percentile(times.peer, percent),
  });
  const rounds = await inTurns(both, async () => {}, { p50: at(50), p99: at(99) });
  await Promise.all([...talks, ...bare].map((pair) => pair.close()));
  await Promise.all([service.stop(), forwarder.stop()]);
  await stage.close();
  return rounds;
}
