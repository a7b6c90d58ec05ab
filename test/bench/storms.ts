/**
 * storms: what everybody else notices while some behave badly, or all come at once. A few talks go on meanwhile,
 * a message down and one up at a time, each committed; their round trips in the storm are held against those of the
 * calm before it, of the same service.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Benchmark, Measurement } from './benchmark.ts';
import { openCrowd, type Crowd, type Flood } from './load/crowd.ts';
import { roundTripsUntil } from './load/drive.ts';
import { openTalks } from './load/talks.ts';
import type { Centre, Server, Stage } from './parts/ground.ts';
import { residentBytes } from './parts/machine.ts';
import { percentile } from './statistics.ts';

const TALKS = 20;
const COMING = 10_000;
const UNREAD = 1_000;
const CALM_MS = 5_000;
const STORM_SECONDS = 15;
/** Between two round trips, so that nobody says more than the service lets one say. */
const GAP_MS = 5;

interface Storm {
  name: string;
  what: string;
  /** Who is there besides the talks. */
  agents: number;
  tvs: number;
  prepare(crowd: Crowd, centre: Centre): Promise<void>;
  /** @returns what is to be known of it */
  blow(crowd: Crowd, centre: Centre): Promise<string>;
}

const all: Storm[] = [
  {
    name: 'storm of TVs',
    what: `while ${COMING.toLocaleString('en')} TVs, cut off at once, come back at once`,
    agents: 0,
    tvs: COMING,
    prepare: async (crowd, { tvs }) => void (await crowd.order({ do: 'come', tvs, atOnce: 100 })),
    async blow(crowd, { tvs }) {
      const began = performance.now();
      const { again } = await crowd.order({ do: 'comeBack', tvs });
      const seconds = ((performance.now() - began) / 1000).toFixed(1);
      return `all were back after ${seconds} s, for which ${again} had to try again`;
    },
  },
  {
    name: 'storm of silence',
    what: `while ${UNREAD.toLocaleString('en')} agents in talks have stopped reading and their TVs tell news twice a second`,
    agents: UNREAD,
    tvs: UNREAD,
    prepare: async () => {},
    async blow(crowd, { id, agents, tvs }) {
      const { sent } = await crowd.order({ do: 'stopReading', centreId: id, agents, tvs, seconds: STORM_SECONDS });
      return `${sent} events were told to nobody who read them`;
    },
  },
  stormOfOne('storm of one', 'pings', 'messages'),
  stormOfOne('storm of one live', 'live', 'live frames'),
  stormOfOne('storm of one pong', 'pongs', 'pongs'),
];

function stormOfOne(name: string, what: Flood, told: string): Storm {
  return {
    name,
    what: `while one TV sends ${told} as fast as its connection takes them`,
    agents: 1,
    tvs: 1,
    prepare: async () => {},
    async blow(crowd, { id, agents, tvs }) {
      const { sent, closed } = await crowd.order({
        do: 'sendOn',
        what,
        centreId: id,
        agents,
        tvs,
        seconds: STORM_SECONDS,
      });
      return `${sent} frames, ${closed === 1 ? 'until the service closed the connection' : 'and the connection stood'}`;
    },
  };
}

export const storms: Benchmark = {
  name: 'storm',
  async measure(ground) {
    const measurements: Measurement[] = [];
    for (const storm of all) {
      const stage = await ground.stage();
      const service = await stage.service();
      measurements.push(await weather(storm, stage, service));
      await service.stop();
      await stage.close();
    }
    return measurements;
  },
};

async function weather(storm: Storm, stage: Stage, service: Server): Promise<Measurement> {
  // A contact centre of its own for the talks: the crowd's line is not theirs.
  const talks = await openTalks(service, await stage.centre(TALKS, TALKS));
  const centre = await stage.centre(storm.agents, storm.tvs);
  const crowd = openCrowd(service);
  await storm.prepare(crowd, centre);
  await roundTripsUntil(talks, delay(1_000), GAP_MS);
  const calm = await roundTripsUntil(talks, delay(CALM_MS), GAP_MS);
  const before = residentBytes(service.pid);
  const blowing = storm.blow(crowd, centre);
  const during = await roundTripsUntil(talks, blowing, GAP_MS);
  const came = await blowing;
  const grown = Math.round((residentBytes(service.pid) - before) / 1e6);
  await crowd.close();
  await Promise.all(talks.map((talk) => talk.close()));
  return {
    name: storm.name,
    what: `p99 of others' round trips, committed both ways, ${storm.what} ÷ in the calm before`,
    unit: 'ms',
    rounds: [{ ours: percentile(during, 99), peer: percentile(calm, 99) }],
    target: 'none',
    notes: [
      came,
      `p50 ${percentile(during, 50).toFixed(1)} ms, in the calm ${percentile(calm, 50).toFixed(1)} ms`,
      `the service's memory grew by ${grown} MB`,
    ],
  };
}
