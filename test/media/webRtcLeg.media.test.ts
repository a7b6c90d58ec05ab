import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LegError, type Leg } from '../../media/leg.ts';
import type { Room } from '../../media/room.ts';
import { SdpRefusal } from '../../media/sdp/refusal.ts';
import { createWebRtcLeg } from '../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { paperAnswer } from '../support/media/paperBrowser.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';

let pool: WorkerPool;
let room: Room;

beforeAll(async () => {
  pool = await startPool(2);
});
afterAll(() => pool.close());
beforeEach(async () => {
  room = await roomOn(pool);
});
afterEach(() => room.close());

const create = (id: string) => createWebRtcLeg({ id, placement: room.placement });

/** A leg that stands, in no room. */
async function stand(id: string): Promise<Leg> {
  const leg = await create(id);
  await exchange(leg);
  return leg;
}

async function exchange(leg: Leg): Promise<string> {
  const offer = await leg.offer();
  await leg.answer(paperAnswer(offer));
  return offer;
}

/** How often an offer was asked for so far. */
function count(leg: Leg): () => number {
  let asked = 0;
  leg.on('offerNeeded', () => asked++);
  return () => asked;
}

const turn = () => new Promise((later) => setImmediate(later));

const reasonOf = (done: Promise<unknown>) =>
  done.then(
    () => 'done',
    (error: unknown) => (error instanceof LegError ? error.reason : String(error)),
  );

/** The worker that carries the room ends by itself. */
function killWorker(): void {
  const { pid } = pool.load().find(({ workerId }) => workerId === room.placement.workerId)!;
  process.kill(pid, 'SIGKILL');
}

describe('a browser’s leg, offer by offer (RFC 3264)', () => {
  it('has one offer under way at a time', async () => {
    const leg = await create('tv');
    const offer = await leg.offer();
    expect(await reasonOf(leg.offer())).toBe('offering');
    expect(await reasonOf(leg.accept(offer))).toBe('offering');
    await leg.answer(paperAnswer(offer));
    expect(await reasonOf(leg.answer(paperAnswer(offer)))).toBe('not-offering');
    leg.close();
  });

  it('counts its versions, those of offers that were withdrawn as well (RFC 8829 5.2.2)', async () => {
    const leg = await create('tv');
    const offers = [await leg.offer()];
    leg.withdraw();
    leg.speak('PCMU');
    offers.push(await exchange(leg));
    leg.speak('PCMA');
    offers.push(await leg.offer());
    leg.withdraw();
    leg.speak('G722');
    offers.push(await exchange(leg));
    const origins = offers.map((sdp) => /^o=- (\d+) (\d+) /m.exec(sdp)!.slice(1).map(Number));
    const [[session, first]] = origins as [[number, number]];
    expect(origins).toEqual([0, 1, 2, 3].map((later) => [session, first + later]));
    leg.close();
  });

  it('says the same under the same version where nothing else is wanted (RFC 3264 8)', async () => {
    const leg = await create('tv');
    const withdrawn = await leg.offer();
    leg.withdraw();
    expect(await leg.offer()).toBe(withdrawn);
    leg.close();
  });

  it('lets an answer that is refused be followed by a good one', async () => {
    const leg = await create('tv');
    const offer = await leg.offer();
    await expect(leg.answer('v=0')).rejects.toThrow(SdpRefusal);
    await leg.answer(paperAnswer(offer));
    expect(leg.sources.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    leg.close();
  });

  it('begins with our offer', async () => {
    const leg = await create('tv');
    const other = await create('sam');
    await expect(leg.accept(await other.offer())).rejects.toThrow('begins with our offer');
    leg.close();
    other.close();
  });

  it('refuses another certificate in mid-session (RFC 8842 5.5)', async () => {
    const leg = await stand('tv');
    const answer = paperAnswer(await leg.offer());
    await expect(leg.answer(answer.replaceAll('5A:5A', '5B:5B'))).rejects.toThrow('begin a new session');
    await leg.answer(answer);
    leg.close();
  });

  it('keeps what a page sends through offers that do not change it', async () => {
    const leg = await stand('tv');
    const [before] = leg.sources;
    await exchange(leg);
    expect(leg.sources[0]!.producer.id).toBe(before!.producer.id);
    leg.close();
  });

  it('is held, measured and agreed on anew while those whom it hears leave, before the worker has told of it', async () => {
    const bob = await stand('bob');
    const steps: (() => Promise<unknown>)[] = [
      () => bob.hold(),
      () => bob.resume(),
      () => bob.stats(),
      () => exchange(bob),
    ];
    for (const step of steps) {
      const alice = await stand('alice');
      await bob.receive(alice.sources);
      alice.close();
      await step();
    }
    bob.close();
  });

  it('measures nothing as nothing, and a page that is to speak as silent', async () => {
    const leg = await stand('tv');
    expect(await leg.stats()).toMatchObject({ roundTripMs: null, silent: true });
    await leg.mute('audio', true);
    expect((await leg.stats()).silent).toBe(false);
    leg.close();
  });

  it('tells its quality again and again', async () => {
    const leg = await createWebRtcLeg({ id: 'tv', placement: room.placement, qualityEveryMs: 5 });
    const [quality] = await once(leg as Leg & NodeJS.EventEmitter, 'quality');
    expect(quality).toMatchObject({ received: { audio: null, video: null } });
    leg.close();
  });

  it('has failed when no handshake came in time', async () => {
    const leg = await createWebRtcLeg({ id: 'tv', placement: room.placement, patienceMs: 5 });
    const failed = once(leg as Leg & NodeJS.EventEmitter, 'failed');
    await exchange(leg);
    expect(await failed).toEqual(['disconnected']);
    leg.close();
  });
});

describe('what is needed still when an offer is withdrawn', () => {
  it('is asked for: the codec of the room', async () => {
    const leg = await stand('tv');
    const asked = count(leg);
    await leg.offer();
    leg.speak('PCMU');
    expect(asked()).toBe(0);
    leg.withdraw();
    await turn();
    expect(asked()).toBe(1);
    expect(await exchange(leg)).toContain('PCMU/8000');
    await turn();
    expect(asked()).toBe(1);
    leg.close();
  });

  it('is asked for: what the withdrawn offer itself was made for', async () => {
    const leg = await stand('tv');
    const asked = count(leg);
    leg.speak('PCMU');
    await leg.offer();
    leg.withdraw();
    await turn();
    expect(asked()).toBe(2);
    leg.close();
  });

  it('is asked for: new paths (RFC 8445 9)', async () => {
    const leg = await stand('tv');
    const asked = count(leg);
    const before = await leg.offer();
    await leg.restart();
    leg.withdraw();
    await turn();
    expect(asked()).toBe(1);
    const ufrag = (sdp: string) => /a=ice-ufrag:(.*)/.exec(sdp)![1];
    expect(ufrag(await exchange(leg))).not.toBe(ufrag(before));
    leg.close();
  });

  it('is not asked for a third time of who refused it twice, until something else is needed', async () => {
    const leg = await stand('tv');
    const asked = count(leg);
    leg.speak('PCMU');
    for (let time = 0; time < 2; time++) {
      await leg.offer();
      leg.withdraw();
      await turn();
    }
    expect(asked()).toBe(2);
    await leg.restart();
    expect(asked()).toBe(3);
    leg.close();
  });

  it('is not asked for when another offer is made at once', async () => {
    const leg = await stand('tv');
    const asked = count(leg);
    await leg.offer();
    leg.speak('PCMU');
    leg.withdraw();
    await exchange(leg);
    await turn();
    expect(asked()).toBe(0);
    leg.close();
  });

  it('is nothing where nothing stands yet: who refused the first offer is not asked again', async () => {
    const leg = await create('tv');
    const asked = count(leg);
    await leg.offer();
    leg.speak('PCMU');
    leg.withdraw();
    await turn();
    expect(asked()).toBe(0);
    leg.close();
  });

  it('is nothing that the peer has rejected: it is not offered that again and again', async () => {
    const [leg, other] = [await stand('tv'), await stand('sam')];
    await room.join(leg);
    await room.join(other);
    const asked = count(leg);
    const blind = paperAnswer(await leg.offer()).replace(/^m=video \d+/gm, 'm=video 0');
    await leg.answer(blind);
    await room.change('tv', {});
    await turn();
    expect(asked()).toBe(0);
    leg.close();
    other.close();
  });
});

describe('a leg that the service holds (RFC 3264 8.4)', () => {
  const directions = (sdp: string) =>
    [...sdp.matchAll(/^a=(sendrecv|sendonly|recvonly|inactive)\r$/gm)].map(([, one]) => one);
  const given = (leg: Leg) => leg.sources.map(({ producer }) => [producer.id, producer.closed, producer.paused]);

  it('is offered nothing to send, and to send again when it goes on: with what it gave before', async () => {
    const leg = await stand('tv');
    const [asked, before] = [count(leg), given(leg)];
    const told: string[] = [];
    leg.on('source', (kind) => told.push(kind));
    await leg.hold();
    expect(given(leg)).toEqual(before.map(([id]) => [id, false, true]));
    expect(asked()).toBe(1);
    expect(directions(await exchange(leg))).toEqual(['sendonly', 'sendonly', 'sendonly', 'sendonly']);
    await leg.resume();
    expect(asked()).toBe(2);
    expect(directions(await exchange(leg))).toEqual(['sendrecv', 'sendonly', 'sendrecv', 'sendonly']);
    expect(given(leg)).toEqual(before);
    expect([told, asked()]).toEqual([[], 2]);
    leg.close();
  });

  it('is offered nothing at all in a section in which it only sends', async () => {
    const leg = await createWebRtcLeg({ id: 'tv', placement: room.placement, ahead: { audio: 0, video: 0 } });
    expect(directions(await exchange(leg))).toEqual(['recvonly', 'recvonly']);
    await leg.hold();
    expect(directions(await exchange(leg))).toEqual(['inactive', 'inactive']);
    leg.close();
  });

  it('is answered so when it offers, and asked for nothing more', async () => {
    const leg = await stand('tv');
    const before = given(leg);
    const offer = paperAnswer(await leg.offer());
    leg.withdraw();
    await leg.hold();
    const asked = count(leg);
    expect(directions(await leg.accept(offer))).toEqual(['sendonly', 'sendonly', 'sendonly', 'sendonly']);
    expect(given(leg)).toEqual(before.map(([id]) => [id, false, true]));
    expect(asked()).toBe(0);
    leg.close();
  });

  it('is asked for nothing when it was held and goes on before it was offered anything', async () => {
    const leg = await create('tv');
    const asked = count(leg);
    await leg.hold();
    await leg.resume();
    expect(asked()).toBe(0);
    leg.close();
  });

  it('gives nothing any more in a section that it rejects meanwhile', async () => {
    const leg = await stand('tv');
    await leg.hold();
    await leg.answer(paperAnswer(await leg.offer()).replace(/^m=video \d+/gm, 'm=video 0'));
    expect(leg.sources.map(({ kind }) => kind)).toEqual(['audio']);
    leg.close();
  });
});

describe('an answer that cannot be taken as it is', () => {
  it('may change SSRCs about', async () => {
    const leg = await stand('tv');
    const answer = paperAnswer(await leg.offer());
    const told: string[] = [];
    leg.on('source', (kind, source) => told.push(`${kind} ${source?.producer.closed ?? 'gone'}`));
    const [audio, video] = [...answer.matchAll(/a=ssrc:(\d+)/g)].map(([, ssrc]) => ssrc);
    const about = answer.replace(/a=ssrc:(\d+)/g, (_line, ssrc) => `a=ssrc:${ssrc === audio ? video : audio}`);
    await leg.answer(about);
    expect(leg.sources.map(({ kind, producer }) => [kind, producer.closed])).toEqual([
      ['audio', false],
      ['video', false],
    ]);
    expect(told).toEqual(['audio false', 'video false']);
    leg.close();
  });
});

describe('a leg whose worker died', () => {
  it('is moved when it joins a room afterwards', async () => {
    const leg = await stand('tv');
    const asked = count(leg);
    const rebuilt = once(room, 'rebuilt');
    killWorker();
    await rebuilt;
    await room.join(leg);
    expect(asked()).toBe(1);
    await exchange(leg);
    expect(leg.sources.map(({ producer }) => producer.closed)).toEqual([false, false]);
    leg.close();
  });

  it('is moved when it joins a room that is elsewhere', async () => {
    const leg = await stand('tv');
    const elsewhere = await roomOn(pool);
    await elsewhere.join(leg);
    await exchange(leg);
    expect(leg.placement).toBe(elsewhere.placement);
    expect(leg.sources.map(({ producer }) => producer.closed)).toEqual([false, false]);
    leg.close();
    elsewhere.close();
  });

  it('says so, in no room, to whoever wants to offer, answer or accept', async () => {
    const [leg, other] = [await stand('tv'), await stand('sam')];
    const offer = await leg.offer();
    const closed = once(room.placement.router.observer, 'close');
    killWorker();
    await closed;
    expect(await reasonOf(leg.answer(paperAnswer(offer)))).toBe('adrift');
    expect(await reasonOf(other.offer())).toBe('adrift');
    expect(await reasonOf(other.accept(offer))).toBe('adrift');
    leg.close();
    other.close();
  });

  it('has failed when nobody moves it in time', async () => {
    const leg = await createWebRtcLeg({ id: 'tv', placement: room.placement, patienceMs: 5 });
    const failed = once(leg as Leg & NodeJS.EventEmitter, 'failed');
    killWorker();
    expect(await failed).toEqual(['worker']);
    leg.close();
  });

  it('is offered anew where its first offer was under way', async () => {
    const leg = await create('tv');
    await room.join(leg);
    await leg.offer();
    const asked = once(leg as Leg & NodeJS.EventEmitter, 'offerNeeded');
    killWorker();
    await asked;
    await exchange(leg);
    expect(leg.sources).toHaveLength(2);
    leg.close();
  });
});
