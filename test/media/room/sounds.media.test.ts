/** What a room plays, packet by packet, as telephones hear it. What pages hear is in test/e2e/roomSounds. */
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../../media/edge/edge.ts';
import type { Room } from '../../../media/room.ts';
import { createRtpLeg } from '../../../media/rtpLeg.ts';
import type { WorkerPool } from '../../../media/workers/workerPool.ts';
import { settings } from '../../support/media/edgeStage.ts';
import { roomOn, startPool } from '../../support/media/roomStage.ts';
import { soundOf } from '../../support/media/sounds.ts';
import { Telephone } from '../../support/media/telephone.ts';

const MUSIC = 1_300;
const WORDS = 2_100;
const TV = 500;
const SAM = 900;

let pool: WorkerPool;
let edge: MediaEdge;
let room: Room;

const tone = (hz: number, onMs: number) => soundOf({ tone: { frequencies: [hz], onMs, offMs: 0 } });

async function openEdge(): Promise<MediaEdge> {
  const opened = new MediaEdge(settings());
  await opened.load('music', await tone(MUSIC, 1_000));
  await opened.load('words', await tone(WORDS, 400));
  await opened.load('more words', await tone(WORDS, 200));
  return opened;
}

beforeAll(async () => {
  pool = await startPool(2);
  edge = await openEdge();
});
afterAll(async () => {
  await edge.close();
  await pool.close();
});
beforeEach(async () => {
  room = await roomOn(pool, () => edge.openSource());
  const opened = room;
  onTestFinished(async () => {
    opened.close();
    await expect.poll(() => edge.size).toBe(0);
  });
});

/** A telephone takes part, and hums from when it is asked to. */
async function join(id: string) {
  const telephone = await Telephone.open();
  const leg = await createRtpLeg({ id, placement: room.placement, edge });
  onTestFinished(async () => {
    leg.close();
    await telephone.close();
  });
  await room.join(leg);
  telephone.calls(await leg.accept(telephone.sdp()));
  return { leg, telephone };
}

describe('an announcement', () => {
  it('comes once and whole, in one stream, and its end is told', async () => {
    const { telephone } = await join('tv');
    expect(await room.play(['words', 'more words'])).toBe(true);
    const heard = await telephone.peer.hears(30);
    expect(heard.map(({ payload }) => payload.length)).toEqual(Array.from({ length: 30 }, () => 160));
    expect(new Set(heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(heard.map(({ sequence }) => (sequence - heard[0]!.sequence) & 0xffff)).toEqual(heard.map((_, at) => at));
  });

  it('is heard beside people, by those for whom it is', async () => {
    const [tv, sam] = [await join('tv'), await join('sam')];
    tv.telephone.hums(TV);
    sam.telephone.hums(SAM);
    const over = new AbortController();
    const announced = room.play(['words'], { to: ['tv'], loop: true, signal: over.signal });
    await Promise.all([tv.telephone.hears([SAM, WORDS], [TV]), sam.telephone.hears([TV], [WORDS])]);
    over.abort();
    expect(await announced).toBe(false);
    await tv.telephone.hears([SAM], [WORDS]);
  });

  it('ends with the room, when all who hear it are gone, and at once when it was ended before', async () => {
    const [tv, sam] = [await join('tv'), await join('sam')];
    const forBoth = room.play(['music'], { to: ['tv', 'sam'], loop: true });
    const forSam = room.play(['music'], { to: ['sam'], loop: true });
    const forAll = room.play(['music'], { loop: true });
    expect(await room.play(['music'], { signal: AbortSignal.abort() })).toBe(false);
    sam.leg.close();
    expect(await forSam).toBe(false);
    tv.leg.close();
    expect(await forBoth).toBe(false);
    room.close();
    expect(await forAll).toBe(false);
    expect(await room.play(['words'])).toBe(false);
  });

  it('that was not loaded, or for somebody who is not there, says so', async () => {
    await join('tv');
    await expect(room.play(['nothing'])).rejects.toThrow('Not all of these sounds were loaded: nothing.');
    await expect(room.play(['words'], { to: ['sam'] })).rejects.toThrow('There is no leg sam in the room.');
    const silent = await roomOn(pool);
    await expect(silent.play(['words'])).rejects.toThrow('This room was made without sounds');
    silent.close();
  });

  it('leaves nothing behind, in the room’s worker either', async () => {
    await join('tv');
    await room.play(['more words']);
    await expect.poll(async () => (await room.placement.router.dump()).transportIds).toHaveLength(1);
    expect(edge.size).toBe(1);
  });
});

describe('music on hold', () => {
  it('is heard by whom the service holds, in place of the people, and by nobody else', async () => {
    await room.playOnHold(['music']);
    const [tv, sam] = [await join('tv'), await join('sam')];
    tv.telephone.hums(TV);
    sam.telephone.hums(SAM);
    await tv.telephone.hears([SAM]);
    expect(edge.size).toBe(2);
    await tv.leg.hold();
    await tv.telephone.hears([MUSIC], [SAM]);
    const before = sam.telephone.peer.heard.length;
    await tv.telephone.listens();
    expect(sam.telephone.peer.heard.length).toBe(before);
    await tv.leg.resume();
    await Promise.all([tv.telephone.hears([SAM], [MUSIC]), sam.telephone.hears([TV])]);
    expect(edge.size).toBe(2);
  });

  it('[RFC 3264 8.4] is heard by who is left waiting when the other holds, and not by who holds', async () => {
    await room.playOnHold(['music']);
    const [tv, sam] = [await join('tv'), await join('sam')];
    sam.telephone.hums(SAM);
    await tv.telephone.hears([SAM]);
    await sam.leg.accept(sam.telephone.sdp({ direction: 'sendonly' }));
    await tv.telephone.hears([MUSIC], [SAM]);
    const before = sam.telephone.peer.heard.length;
    await tv.telephone.listens();
    expect(sam.telephone.peer.heard.length).toBe(before);
    await sam.leg.accept(sam.telephone.sdp());
    await tv.telephone.hears([SAM], [MUSIC]);
  });

  it('changes while it is heard, and ends when there is to be none', async () => {
    const tv = await join('tv');
    await tv.leg.hold();
    await room.playOnHold(['music']);
    await tv.telephone.hears([MUSIC]);
    await room.playOnHold(['words']);
    await tv.telephone.hears([WORDS], [MUSIC]);
    await room.playOnHold([]);
    expect(edge.size).toBe(1);
  });

  it('that was not loaded is told as trouble, and comes once it is there', async () => {
    const tv = await join('tv');
    await room.playOnHold(['late']);
    const trouble = once(room, 'trouble');
    await tv.leg.hold();
    expect(await trouble).toMatchObject([
      expect.stringMatching(/^sound-/),
      { message: 'Not all of these sounds were loaded: late.' },
    ]);
    await edge.load('late', await tone(WORDS, 500));
    await tv.leg.resume();
    await tv.leg.hold();
    await tv.telephone.hears([WORDS]);
  });

  it('goes on over another worker when theirs died', async () => {
    await room.playOnHold(['music']);
    const tv = await join('tv');
    await tv.leg.hold();
    await tv.telephone.hears([MUSIC]);
    const rebuilt = once(room, 'rebuilt');
    process.kill(pool.load().find(({ workerId }) => workerId === room.placement.workerId)!.pid, 'SIGKILL');
    await rebuilt;
    await tv.telephone.hears([MUSIC]);
  });
});

describe('when the thread of the edge dies', () => {
  it('music goes on from another, and an announcement is made once more', async () => {
    let source = await openEdge();
    const own = await roomOn(pool, () => source.openSource());
    const dying = source;
    const next = await openEdge();
    dying.once('died', () => (source = next));
    onTestFinished(async () => {
      own.close();
      await Promise.all([dying.close(), next.close()]);
    });
    room = own;
    await own.playOnHold(['music']);
    const [tv, sam] = [await join('tv'), await join('sam')];
    await tv.leg.hold();
    await tv.telephone.hears([MUSIC]);
    const announced = own.play(
      Array.from({ length: 10 }, () => 'words'),
      { to: ['sam'] },
    );
    await sam.telephone.hears([WORDS]);
    // What is no sound ends the thread that plays it.
    await dying.load('broken', { frames: 1, codecs: {} } as never);
    const died = once(dying, 'died');
    await Promise.all([own.play(['broken'], { to: ['sam'] }).catch(() => undefined), died]);
    await Promise.all([tv.telephone.hears([MUSIC]), sam.telephone.hears([WORDS])]);
    expect(await announced).toBe(true);
  });
});
