/**
 * relay-latency: a message from the agent to the TV and one back, with nothing else under way.
 * Ours is committed twice on the way, once in each direction; the peer keeps nothing.
 */
import { inTurns, type Benchmark } from './benchmark.ts';
import { roundTrips } from './load/drive.ts';
import { openBarePairs, openTalks } from './load/talks.ts';
import { percentile } from './statistics.ts';

/** In turn, so that nobody says more than the service lets one say. */
const PAIRS = 50;
const TRIPS = 600;

export const relayLatency: Benchmark = {
  name: 'relay-latency',
  async measure(ground) {
    const stage = await ground.stage();
    const service = await stage.service();
    const forwarder = await ground.forwarder();
    const talks = await openTalks(service, await stage.centre(PAIRS, PAIRS));
    const bare = await openBarePairs(forwarder, PAIRS);
    // Both at the same pace: a process that was asleep answers later.
    const ours = () => roundTrips(talks, TRIPS, 1);
    const peer = () => roundTrips(bare, TRIPS, 1);
    await ours();
    await peer();
    const { p50, p99 } = await inTurns(ours, peer, {
      p50: (ours, peer) => ({ ours: percentile(ours, 50), peer: percentile(peer, 50) }),
      p99: (ours, peer) => ({ ours: percentile(ours, 99), peer: percentile(peer, 99) }),
    });
    await Promise.all([...talks, ...bare].map((pair) => pair.close()));
    await Promise.all([service.stop(), forwarder.stop()]);
    await stage.close();
    const common = { what: 'agent → TV → agent, one at a time, both ways committed ÷ bare ws', unit: 'ms', notes: [] };
    return [
      { ...common, name: 'relay-latency p50', rounds: p50, target: { atMost: 1.15 } },
      { ...common, name: 'relay-latency p99', rounds: p99, target: { atMost: 1.5 } },
    ];
  },
};
