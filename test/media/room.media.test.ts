import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import { LegError, type Leg } from '../../media/leg.ts';
import { createRoom, type Room } from '../../media/room.ts';
import { createRtpLeg } from '../../media/rtpLeg.ts';
import { ROUTER_CODECS } from '../../media/sdp/codecs.ts';
import { createWebRtcLeg } from '../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { settings } from '../support/media/edgeStage.ts';
import { paperAnswer } from '../support/media/paperBrowser.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';
import { Telephone } from '../support/media/telephone.ts';

/** `ROOMS=1000` is the long form. */
const ROOMS = Number(process.env.ROOMS ?? 60);

let pool: WorkerPool;
let edge: MediaEdge;
let room: Room;

beforeAll(async () => {
  pool = await startPool(1);
  edge = new MediaEdge(settings());
});
afterAll(async () => {
  await edge.close();
  await pool.close();
});
beforeEach(async () => {
  room = await roomOn(pool);
});
afterEach(() => room.close());

const create = (id: string) => createWebRtcLeg({ id, placement: room.placement });

async function join(id: string): Promise<Leg> {
  const leg = await create(id);
  await room.join(leg);
  await exchange(leg);
  return leg;
}

async function exchange(leg: Leg): Promise<string> {
  const offer = await leg.offer();
  await leg.answer(paperAnswer(offer));
  return offer;
}

const reasonOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: unknown) => (error instanceof LegError ? error.reason : String(error)),
  );

describe('closing', () => {
  const works: [string, (leg: Leg) => Promise<unknown>][] = [
    ['offer', (leg) => leg.offer()],
    ['answer', (leg) => leg.offer().then((offer) => leg.answer(paperAnswer(offer)))],
    ['accept', (leg) => leg.accept('v=0')],
    ['receive', (leg) => leg.receive([])],
    ['hold', (leg) => leg.hold()],
    ['resume', (leg) => leg.resume()],
    ['mute', (leg) => leg.mute('video', true)],
    ['restart', (leg) => leg.restart()],
    ['move', (leg) => leg.move(room.placement)],
  ];

  it.each(works)('a leg twice, while it is asked to %s', async (_name, work) => {
    const leg = await join('tv');
    const closed = once(leg as Leg & NodeJS.EventEmitter, 'closed');
    const asked = reasonOf(work(leg));
    leg.close();
    leg.close();
    await closed;
    expect(await asked).toBe('closed');
    expect(await reasonOf(work(leg))).toBe('closed');
    expect(room.legIds).toEqual([]);
  });

  it('a leg somewhere between its offer and its answer', async () => {
    for (let steps = 0; steps < 12; steps++) {
      const [leg, other] = [await create('tv'), await create('sam')];
      const joined = Promise.all([room.join(leg), room.join(other)]);
      const asked = reasonOf(exchange(leg));
      const others = reasonOf(exchange(other));
      for (let step = 0; step < steps; step++) await new Promise((later) => setImmediate(later));
      leg.close();
      await joined;
      expect(['closed', 'done']).toContain(await asked);
      expect(await others).toBe('done');
      other.close();
    }
    expect(room.legIds).toEqual([]);
  });

  it('legs and the room in every order', async () => {
    const parts = ['tv', 'sam', 'alice', 'room'];
    for (const order of permutations(parts)) {
      const own = await roomOn(pool);
      const legs = new Map<string, Leg>();
      for (const id of parts.slice(0, 3)) {
        const leg = await createWebRtcLeg({ id, placement: own.placement });
        legs.set(id, leg);
        await own.join(leg);
        await exchange(leg);
      }
      for (const part of order) (legs.get(part) ?? own).close();
      for (const leg of legs.values()) expect(leg.closed).toBe(true);
    }
    const [worker] = await pool.dump();
    expect(worker!.routerIds).toEqual([room.placement.router.id]);
  });

  it('legs of both kinds and their room in every order, each twice, while all are being offered', async () => {
    for (const order of permutations(['tv', 'telephone', 'room'] as const)) {
      const own = await roomOn(pool);
      const { placement } = own;
      const legs = {
        tv: await createWebRtcLeg({ id: 'tv', placement }),
        telephone: await createRtpLeg({ id: 'telephone', placement, edge }),
      };
      const asked = Object.values(legs).map(async (leg) => {
        await own.join(leg);
        return await reasonOf(leg.offer());
      });
      const parts = { ...legs, room: own };
      for (const part of [...order, ...order]) parts[part].close();
      for (const reason of await Promise.all(asked)) expect(['closed', 'adrift', 'done']).toContain(reason);
    }
    await expect.poll(() => edge.size).toBe(0);
    const [worker] = await pool.dump();
    expect(worker!.routerIds).toEqual([room.placement.router.id]);
  });

  it.each(['webrtc', 'rtp'])('a room under a leg that nobody moves to another in time: %s', async (kind) => {
    const own = await roomOn(pool);
    const options = { id: 'tv', placement: own.placement, patienceMs: 5 };
    const leg = kind === 'rtp' ? await createRtpLeg({ ...options, edge }) : await createWebRtcLeg(options);
    await own.join(leg);
    const failed = once(leg as Leg & NodeJS.EventEmitter, 'failed');
    own.close();
    expect(await failed).toEqual(['worker']);
    leg.close();
  });

  it(`${ROOMS} rooms leaves nothing in Node, its edge or the worker`, { timeout: 300_000 }, async () => {
    // Timers that keep Node alive are the test runner's, which come and go: ours let it end.
    const ofRunner = ['Immediate', 'Timeout'];
    const handles = () => process.getActiveResourcesInfo().filter((name) => !ofRunner.includes(name)).length;
    // Also those of the edge's thread, where the kernel shows them.
    const files = () =>
      readdir('/proc/self/fd').then(
        ({ length }) => length,
        () => 0,
      );
    const phone = await Telephone.open();
    const talk = async () => {
      const own = await roomOn(pool);
      const { placement } = own;
      const legs = await Promise.all(['tv', 'sam'].map((id) => createWebRtcLeg({ id, placement })));
      const telephone = await createRtpLeg({ id: 'telephone', placement, edge });
      for (const leg of [...legs, telephone]) await own.join(leg);
      await telephone.accept(phone.sdp());
      for (const leg of legs) await exchange(leg);
      for (const leg of [...legs, telephone]) leg.close();
      own.close();
    };
    const ended = async () => {
      const [worker] = await pool.dump();
      await expect.poll(() => edge.size).toBe(0);
      return worker!;
    };
    await talk();
    await ended();
    const before = { handles: handles(), files: await files() };
    for (let count = 0; count < ROOMS; count++) await talk();
    const worker = await ended();
    expect(worker.routerIds).toEqual([room.placement.router.id]);
    expect(worker.channelMessageHandlers.channelRequestHandlers).toHaveLength(4);
    await expect.poll(handles).toBeLessThanOrEqual(before.handles);
    await expect.poll(files).toBeLessThanOrEqual(before.files);
    await phone.close();
  });
});

describe('a room', () => {
  it('takes a leg once, and lets it leave twice', async () => {
    const leg = await join('tv');
    expect(() => room.join(leg)).toThrow('Leg tv is in the room already.');
    await room.leave('tv');
    await room.leave('tv');
    expect(room.legIds).toEqual([]);
    leg.close();
  });

  it('gives who left nothing more', async () => {
    const tv = await join('tv');
    const sam = await join('sam');
    let shown: (string | null)[] = [];
    tv.on('layout', (sections) => {
      shown = sections.map(({ legId }) => legId);
    });
    // Sam is seen once what Sam sends has been taken in.
    await expect.poll(() => shown).toContain('sam');
    await room.leave('sam');
    expect(shown.every((legId) => legId === null)).toBe(true);
    tv.close();
    sam.close();
  });

  it.each([
    ['tv', 'sam'],
    ['sam', 'tv'],
  ] as const)(
    'keeps everybody in their sections while it moves to another worker: %s answers first',
    async (...ids) => {
      const two = await startPool(2);
      const own = await roomOn(two);
      const legs = new Map<string, Leg>();
      for (const id of ids) {
        const leg = await createWebRtcLeg({ id, placement: own.placement });
        legs.set(id, leg);
        await own.join(leg);
        await exchange(leg);
      }
      // Whatever is under way is done when this is.
      const settled = () => own.change('tv', {});
      await settled();
      const told: string[] = [];
      const gone = new Map<string, string[]>();
      for (const [id, leg] of legs) {
        leg.on('layout', () => told.push(`${id}: another layout`));
        leg.on('offerNeeded', () => told.push(`${id} is to be offered`));
        leg.on('source', (kind, source) => void (source === null && gone.set(id, [...(gone.get(id) ?? []), kind])));
      }
      const rebuilt = once(own, 'rebuilt');
      const { pid } = two.load().find(({ workerId }) => workerId === own.placement.workerId)!;
      process.kill(pid, 'SIGKILL');
      await rebuilt;
      await exchange(legs.get(ids[0])!);
      await settled();
      expect(legs.get(ids[1])?.sources.map(({ producer }) => producer.closed)).toEqual([true, true]);
      // Who comes back without a picture is not kept in its place.
      const offer = await legs.get(ids[1])!.offer();
      const silent = paperAnswer(offer).replace(/(m=video[^]*?)a=(sendrecv|sendonly)/, (_all, head, direction) => {
        return `${head}a=${direction === 'sendrecv' ? 'recvonly' : 'inactive'}`;
      });
      expect(told.splice(0).sort()).toEqual(['sam is to be offered', 'tv is to be offered']);
      await legs.get(ids[1])!.answer(silent);
      await settled();
      expect([...gone]).toEqual([[ids[1], ['video']]]);
      expect(told).toContain(`${ids[0]}: another layout`);
      expect(legs.get(ids[1])?.sources.map(({ kind, producer }) => [kind, producer.closed])).toEqual([
        ['audio', false],
      ]);
      for (const leg of legs.values()) leg.close();
      own.close();
      await two.close();
    },
  );

  it('asks for one offer for all that a telephone changes, and for another when that one was made', async () => {
    const tv = await join('tv');
    const sam = await join('sam');
    const asked: string[] = [];
    for (const leg of [tv, sam]) leg.on('offerNeeded', () => asked.push(leg.id));
    // Two voices have a section ahead of need, the third and the fourth have none; and the codec is another.
    const phones = await Promise.all(
      ['alice', 'bob', 'carol'].map(async (id) => {
        const leg = await createRtpLeg({ id, placement: room.placement, edge });
        const telephone = await Telephone.open();
        await room.join(leg);
        telephone.calls(await leg.accept(telephone.sdp()));
        return { leg, telephone };
      }),
    );
    await room.change('tv', {});
    expect(asked.sort()).toEqual(['sam', 'tv']);
    await Promise.all([exchange(tv), exchange(sam)]);
    await room.change('tv', {});
    phones.forEach(({ leg }) => leg.close());
    await expect.poll(() => asked.length).toBe(4);
    for (const { telephone } of phones) await telephone.close();
    tv.close();
    sam.close();
  });

  it('listens, for who speaks, only to whom everybody hears: not to who listens only, or whispers', async () => {
    const tv = await join('tv');
    const alice = await createWebRtcLeg({ id: 'alice', placement: room.placement });
    await room.join(alice, { listensOnly: true });
    await exchange(alice);
    const { router } = room.placement;
    const observed = async () => {
      const { mapProducerIdObserverIds } = await router.dump();
      return [tv, alice].map(({ sources }) => {
        const sound = sources.find(({ kind }) => kind === 'audio')!.producer.id;
        return mapProducerIdObserverIds.find(({ key }) => key === sound)?.values.length ?? 0;
      });
    };
    // One measures how loud a leg is, whoever hears it; the other, who speaks.
    expect(await observed()).toEqual([2, 1]);
    await room.change('alice', { listensOnly: false });
    expect(await observed()).toEqual([2, 2]);
    await room.change('alice', { whispersTo: 'tv' });
    expect(await observed()).toEqual([2, 1]);
    await room.change('alice', { whispersTo: null });
    await room.leave('alice');
    expect(await observed()).toEqual([2, 1]);
    tv.close();
    alice.close();
  });

  it('leaves nothing behind where nobody can listen to it', async () => {
    const placement = await pool.createRouter(structuredClone([...ROUTER_CODECS]));
    const { router } = placement;
    router.createActiveSpeakerObserver = () => Promise.reject(new Error('There is no observer today.'));
    await expect(createRoom({ place: () => Promise.resolve(placement) })).rejects.toThrow('no observer today');
    expect(router.closed).toBe(true);
  });

  it('has failed when its worker died and there is no other', async () => {
    const own = await roomOn(pool);
    let asked = 0;
    const orphan = await createRoom({
      place: () => (asked++ === 0 ? Promise.resolve(own.placement) : Promise.reject(new Error('No worker runs.'))),
    });
    const failed = once(orphan, 'failed');
    const [worker] = pool.load();
    process.kill(worker!.pid, 'SIGKILL');
    const [error] = (await failed) as [Error];
    expect(error.message).toBe('No worker runs.');
    orphan.close();
    own.close();
  });
});

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, at) => permutations(all.toSpliced(at, 1)).map((rest) => [one, ...rest]));
}
