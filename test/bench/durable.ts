/**
 * durable: how many events a second are committed and relayed, against what Postgres itself takes
 * from pgbench on the same disk: INSERTs of as many rows as the service's commits held, from one
 * connection, as one contact centre has one writer; and single rows from 16 connections at once.
 */
import { inTurns, type Benchmark } from './benchmark.ts';
import { drive } from './load/drive.ts';
import { FRAME_BYTES, openTalks } from './load/talks.ts';
import type { Ground } from './parts/ground.ts';
import { profileOf, sharesIn, type Profile } from './parts/profile.ts';
import { pgbench, preparePeer } from './peers/pgbench.ts';
import { GAP_MS } from './relayCpu.ts';
import { median } from './statistics.ts';

const SECONDS = 4;
/** Their messages, at the pace that one may speak, are far more than the service takes. */
const PAIRS = 1_000;
/** As long as the relayed messages' events. */
export const PEER_EVENT = { type: 'messageSent', from: 'agent', name: 'Sam Okafor', text: 'm'.repeat(FRAME_BYTES / 2) };

export const durable: Benchmark = {
  name: 'durable',
  async measure(ground) {
    const stage = await ground.stage();
    const service = await stage.service();
    const talks = await openTalks(service, await stage.centre(PAIRS, PAIRS));
    await preparePeer(ground.peerUrl);
    const batches: number[] = [];
    const four: number[] = [];

    const ours = async () => {
      const from = Date.now();
      const { messages, seconds } = await drive(talks, SECONDS, GAP_MS);
      // Rows of one commit bear its transaction's number.
      const { rows } = await stage.database.query<{ events: number; commits: number }>(
        'select count(*) as events, count(distinct xmin::text) as commits from interaction_events where at >= $1',
        [from],
      );
      batches.push(Math.round(rows[0]!.events / rows[0]!.commits));
      return messages / seconds;
    };
    const peer = async () => {
      const rows = batches.at(-1) ?? 1;
      const batch = await pgbench(ground.peerUrl, PEER_EVENT, { rows, connections: 1, seconds: SECONDS });
      const single = await pgbench(ground.peerUrl, PEER_EVENT, { rows: 1, connections: 16, seconds: SECONDS });
      const fourAtOnce = await pgbench(ground.peerUrl, PEER_EVENT, { rows, connections: 4, seconds: SECONDS });
      four.push(fourAtOnce.rowsPerSecond);
      return { batch: batch.rowsPerSecond, single: single.rowsPerSecond };
    };
    await ours();
    batches.length = 0;
    const { batch, single } = await inTurns(ours, peer, {
      batch: (ours, peer) => ({ ours, peer: peer.batch }),
      single: (ours, peer) => ({ ours, peer: peer.single }),
    });
    await Promise.all(talks.map((talk) => talk.close()));
    await service.stop();
    await stage.close();
    const { shares } = await profile(ground);
    const held = `commits held ${Math.min(...batches)}–${Math.max(...batches)} events`;
    return [
      {
        name: 'durable batch',
        what: 'events committed and relayed a second in one contact centre ÷ INSERTs of as many rows by pgbench, one connection',
        unit: 'events per second',
        rounds: batch,
        target: { atLeast: 0.7 },
        notes: [
          held,
          `pgbench with the same INSERTs from four connections: ${Math.round(median(four))} rows a second`,
          `where the service's CPU goes: ${sharesIn(shares)}`,
        ],
      },
      {
        name: 'durable single',
        what: 'the same ÷ single-row INSERTs by pgbench on 16 connections',
        unit: 'events per second',
        rounds: single,
        target: { atLeast: 3 },
        notes: [],
      },
    ];
  },
  profile,
};

async function profile(ground: Ground): Promise<Profile> {
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
      await drive(talks, SECONDS, GAP_MS);
      await Promise.all(talks.map((talk) => talk.close()));
    },
  );
  await stage.close();
  return profile;
}
