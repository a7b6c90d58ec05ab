/** What a room plays, as pages and a telephone hear it: music on hold, ring-back, announcements. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Room } from '../../media/room.ts';
import { createRtpLeg } from '../../media/rtpLeg.ts';
import { RING_BACK } from '../../media/sounds/tones.ts';
import { settings } from '../support/media/edgeStage.ts';
import { tone } from '../support/media/goertzel.ts';
import { startRoomStage, type Caller, type RoomStage } from '../support/media/roomStage.ts';
import { soundOf, wav } from '../support/media/sounds.ts';
import { Telephone } from '../support/media/telephone.ts';

const TV = 440;
const SAM = 1000;
const ALICE = 1700;
const MUSIC = 3100;
const WORDS = 2500;
const [RINGING] = RING_BACK.europe.frequencies as [number];

let stage: RoomStage;
let edge: MediaEdge;
let room: Room;

beforeAll(async () => {
  stage = await startRoomStage();
  edge = new MediaEdge(settings());
  const folder = await mkdtemp(path(tmpdir(), 'couchline-music-'));
  const music = path(folder, 'music.wav');
  await writeFile(music, wav(tone(MUSIC, 2, 16_000), 16_000));
  await edge.load('music', await soundOf({ file: music }));
  await rm(folder, { recursive: true });
  await edge.load('ring-back', await soundOf({ tone: { ...RING_BACK.europe, offMs: 500 } }));
  await edge.load('words', await soundOf({ tone: { frequencies: [WORDS], onMs: 1_000, offMs: 0 } }));
});
afterAll(async () => {
  await stage.close();
  await edge.close();
});
beforeEach(async () => {
  room = await stage.openRoom(() => edge.openSource());
});

async function join(id: string, hertz: number, options: Parameters<RoomStage['join']>[3] = {}): Promise<Caller> {
  const caller = await stage.join(room, id, hertz, options);
  onTestFinished(async () => {
    caller.leg.close();
    room.close();
    await caller.page.context().close();
  });
  return caller;
}

async function telephone(id: string): Promise<{ phone: Telephone; leg: Awaited<ReturnType<typeof createRtpLeg>> }> {
  const phone = await Telephone.open();
  const leg = await createRtpLeg({ id, placement: room.placement, edge });
  onTestFinished(async () => {
    leg.close();
    await phone.close();
  });
  await room.join(leg);
  phone.calls(await leg.accept(phone.sdp()));
  return { phone, leg };
}

describe('music on hold', () => {
  it('is what a page that is held hears, and nothing else; after it its people are back', async () => {
    await room.playOnHold(['music']);
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await Promise.all([tv.hears(SAM), sam.hears(TV)]);
    await tv.leg.hold();
    await Promise.all([tv.hears(MUSIC), tv.hearsNoMore(SAM), sam.hearsNoMore(TV)]);
    await sam.hearsNoMore(MUSIC);
    await tv.leg.resume();
    await Promise.all([tv.hears(SAM), sam.hears(TV), tv.sees('sam'), tv.hearsNoMore(MUSIC)]);
    expect(edge.size).toBe(0);
  });

  it('comes in the one section that a page has, and needs no offer of its own', async () => {
    await room.playOnHold(['music']);
    const tv = await join('tv', TV, { ahead: { audio: 1, video: 1 } });
    await join('sam', SAM);
    await tv.hears(SAM);
    const { offers } = tv;
    await tv.leg.hold();
    await Promise.all([tv.hears(MUSIC), tv.hearsNoMore(SAM)]);
    await tv.leg.resume();
    await Promise.all([tv.hears(SAM), tv.hearsNoMore(MUSIC), tv.sees('sam')]);
    // One says that it is held, one that it is not.
    expect(tv.offers).toBe(offers + 2);
  });

  it('is heard by whoever is left waiting, when the other page holds as SIP.js does (sendonly)', async () => {
    await room.playOnHold(['music']);
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await Promise.all([tv.hears(SAM), sam.hears(TV)]);
    const reoffer = async (direction: RTCRtpTransceiverDirection) => {
      const offer = await sam.page.evaluate(async (wanted) => {
        const { connection } = window.peer;
        for (const transceiver of connection.getTransceivers().slice(0, 2)) transceiver.direction = wanted;
        await connection.setLocalDescription();
        return connection.localDescription!.sdp;
      }, direction);
      const answer = await sam.leg.accept(offer);
      await sam.page.evaluate((sdp) => window.peer.connection.setRemoteDescription({ type: 'answer', sdp }), answer);
    };
    await reoffer('sendonly');
    await Promise.all([tv.hears(MUSIC), tv.hearsNoMore(SAM), sam.hearsNoMore(MUSIC)]);
    await reoffer('sendrecv');
    await Promise.all([tv.hears(SAM), tv.hearsNoMore(MUSIC), sam.hears(TV)]);
  });

  it('goes on when the worker dies, though nobody in the room gives anything', async () => {
    await room.playOnHold(['music']);
    const tv = await join('tv', TV, { peerSends: { audio: false, video: false } });
    await tv.leg.hold();
    await Promise.all([tv.settled(), tv.hears(MUSIC)]);
    const { offers } = tv;
    const rebuilt = once(room, 'rebuilt');
    process.kill(stage.pool.load().find(({ workerId }) => workerId === room.placement.workerId)!.pid, 'SIGKILL');
    await rebuilt;
    await expect.poll(() => tv.offers).toBeGreaterThan(offers);
    await tv.settled();
    await tv.hears(MUSIC);
    await tv.leg.resume();
    await tv.hearsNoMore(MUSIC);
  });

  it('comes in the codec of a telephone that joins, to it and to the pages', { timeout: 180_000 }, async () => {
    await room.playOnHold(['music']);
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await tv.leg.hold();
    await tv.hears(MUSIC);
    const { phone, leg } = await telephone('alice');
    phone.hums(ALICE);
    await Promise.all([tv.hears(MUSIC), sam.hears(ALICE), phone.hears([SAM], [MUSIC, TV])]);
    await leg.hold();
    await Promise.all([phone.hears([MUSIC], [SAM, TV]), tv.hears(MUSIC), sam.hearsNoMore(ALICE)]);
    await tv.leg.resume();
    await Promise.all([tv.hears(SAM), tv.hearsNoMore(MUSIC), phone.hears([MUSIC], [SAM, TV])]);
    await leg.resume();
    await Promise.all([phone.hears([TV, SAM], [MUSIC]), tv.hears(ALICE), sam.hears(ALICE)]);
  });
});

describe('ring-back', () => {
  it('is heard by who waits, until the other is there', async () => {
    const tv = await join('tv', TV);
    const answered = new AbortController();
    const ringing = room.play(['ring-back'], { to: ['tv'], loop: true, signal: answered.signal });
    await tv.hears(RINGING);
    const sam = await join('sam', SAM);
    answered.abort();
    expect(await ringing).toBe(false);
    await Promise.all([tv.hears(SAM), tv.hearsNoMore(RINGING), sam.hears(TV)]);
  });
});

describe('an announcement', () => {
  it('is heard by all beside each other, until it ends', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await Promise.all([tv.hears(SAM), sam.hears(TV)]);
    const over = new AbortController();
    const announced = room.play(['words'], { loop: true, signal: over.signal });
    await Promise.all([tv.hears(WORDS), sam.hears(WORDS), tv.hears(SAM)]);
    over.abort();
    expect(await announced).toBe(false);
    await Promise.all([tv.hearsNoMore(WORDS), sam.hearsNoMore(WORDS)]);
    expect(await room.play(['words'])).toBe(true);
    await Promise.all([tv.hears(SAM), sam.hears(TV), tv.hearsNoMore(WORDS), sam.hearsNoMore(WORDS)]);
    expect(edge.size).toBe(0);
  });

  it('for one who is held takes the place of the music, and gives it back', async () => {
    await room.playOnHold(['music']);
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await tv.leg.hold();
    await tv.hears(MUSIC);
    const over = new AbortController();
    const announced = room.play(['words'], { to: ['tv'], loop: true, signal: over.signal });
    await Promise.all([tv.hears(WORDS), tv.hearsNoMore(MUSIC), sam.hearsNoMore(WORDS)]);
    over.abort();
    await announced;
    await Promise.all([tv.hears(MUSIC), tv.hearsNoMore(WORDS)]);
  });
});
