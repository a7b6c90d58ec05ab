/** What happens to rooms in which people talk. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Room } from '../../media/room.ts';
import { createRtpLeg } from '../../media/rtpLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { settings } from '../support/media/edgeStage.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';
import { RtpPeer, rtpPacket } from '../support/media/rtpPeer.ts';
import { Telephone } from '../support/media/telephone.ts';

let pool: WorkerPool;
let edge: MediaEdge;

beforeAll(async () => {
  pool = await startPool(2);
  edge = new MediaEdge(settings());
});
afterAll(async () => {
  await edge.close();
  await pool.close();
});

/** Two telephones that hum, each another tone, in a room of their own. */
async function talk(hertz: readonly [number, number]) {
  const room = await roomOn(pool);
  const telephones: Telephone[] = [];
  for (const [at, hz] of hertz.entries()) {
    const telephone = await Telephone.open();
    const leg = await createRtpLeg({ id: `telephone-${at}`, placement: room.placement, edge });
    onTestFinished(async () => {
      leg.close();
      await telephone.close();
    });
    await room.join(leg);
    telephones.push(telephone.calls(await leg.accept(telephone.sdp())).hums(hz));
  }
  onTestFinished(() => room.close());
  const [alice, bob] = telephones as [Telephone, Telephone];
  const hears = () => Promise.all([alice.hears([hertz[1]], [hertz[0]]), bob.hears([hertz[0]], [hertz[1]])]);
  return { room, alice, bob, hears };
}

const workerOf = ({ placement }: Room) => pool.load().find(({ workerId }) => workerId === placement.workerId)!;

describe('rooms in which people talk', () => {
  it('three of them: a worker is killed, and all hear each other again', async () => {
    const talks = [await talk([500, 900]), await talk([600, 1100]), await talk([700, 1300])];
    await Promise.all(talks.map(({ hears }) => hears()));
    const [first] = talks.map(({ room }) => workerOf(room));
    const struck = talks.filter(({ room }) => workerOf(room).pid === first!.pid);
    // The pool has two workers: one of them carries two of the rooms.
    const rebuilt = Promise.all(struck.map(({ room }) => once(room, 'rebuilt')));
    process.kill(first!.pid, 'SIGKILL');
    await rebuilt;
    await Promise.all(talks.map(({ hears }) => hears()));
    expect(struck.length).toBeGreaterThan(0);
  });

  it('strangers flood the port of a telephone: it goes on, and nobody is answered', async () => {
    const { alice, hears } = await talk([500, 900]);
    await hears();
    const port = alice.peer.target;
    const crowd = await Promise.all(['127.0.0.1', '127.0.0.66'].map((host) => RtpPeer.open(host)));
    const kinds = [
      (at: number) => rtpPacket({ sequence: at, timestamp: at * 160, payload: randomBytes(160) }),
      (at: number) => randomBytes(1 + (at % 1_400)),
      () => Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 1]),
      () => Buffer.alloc(0),
    ];
    let sent = 0;
    const flood = setInterval(() => {
      for (const peer of crowd)
        for (const kind of kinds) for (let one = 0; one < 5; one += 1) peer.send(kind((sent += 1)));
    }, 1);
    onTestFinished(async () => {
      clearInterval(flood);
      await Promise.all(crowd.map((peer) => peer.close()));
    });
    for (const peer of crowd) peer.sendsTo(port);
    const before = sent;
    await hears();
    await hears();
    expect(sent - before).toBeGreaterThan(1_000);
    expect(crowd.flatMap(({ raw }) => raw)).toEqual([]);
  });
});
