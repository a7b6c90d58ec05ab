/**
 * Rooms of two telephones as the service has them: it is told pairs of telephones' ports, and says where each is to
 * send to, which process its worker is, and what both held before the first room.
 */
import { MediaEdge } from '../../../media/edge/edge.ts';
import { startPool } from '../../support/media/roomStage.ts';
import { settings } from '../../support/media/edgeStage.ts';
import { residentBytes } from '../parts/machine.ts';
import { joinTelephones } from './ownRooms.ts';

const pairs = JSON.parse(process.argv[2] ?? '[]') as [number, number][];
const pool = await startPool(1);
const edge = new MediaEdge(settings({ ports: { from: 20_000, to: 29_999 }, mostLegs: 2 * pairs.length }));
const worker = pool.load()[0]?.pid ?? 0;
const before = { service: residentBytes(process.pid), worker: residentBytes(worker) };
const ports: [number, number][] = [];
for (const pair of pairs) {
  const { targets } = await joinTelephones(pool, edge, pair);
  ports.push(targets);
}
console.log(`rooms ${JSON.stringify({ worker, before, ports })}.`);

process.once('SIGTERM', () => process.exit(0));
