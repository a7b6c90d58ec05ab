import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { AudioCodec, Leg, LegEvents } from '../../media/leg.ts';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Room } from '../../media/room.ts';
import { createRtpLeg } from '../../media/rtpLeg.ts';
import { settings } from '../support/media/edgeStage.ts';
import { startRoomStage, type Caller, type RoomStage } from '../support/media/roomStage.ts';
import { Telephone } from '../support/media/telephone.ts';

const TV = 440;
const SAM = 1000;
const ALICE = 1700;
const BOB = 2500;

describe('browsers in a room', () => {
  let stage: RoomStage;
  let room: Room;

  beforeAll(async () => {
    stage = await startRoomStage();
  });
  afterAll(() => stage.close());

  beforeEach(async () => {
    room = await stage.openRoom();
  });

  const join: (
    ...args: Parameters<RoomStage['join']> extends [Room, ...infer R] ? R : never
  ) => Promise<Caller> = async (...args) => {
    const caller = await stage.join(room, ...args);
    onTestFinished(async () => {
      caller.leg.close();
      room.close();
      await caller.page.context().close();
    });
    return caller;
  };

  it('[M4] [M21] the TV in the living room and Sam hear and see each other', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await Promise.all([tv.hears(SAM), sam.hears(TV), tv.sees('sam'), sam.sees('tv')]);
    const connection = await sam.page.evaluate(() => window.peer.connection.remoteDescription!.sdp);
    expect(connection).not.toContain('a=ssrc');
  });

  // Four pages that draw and decode are much for a small machine.
  it(
    'a third is heard and seen without a new offer, a fourth with one, and who leaves is heard no more',
    { timeout: 180_000 },
    async () => {
      const tv = await join('tv', TV);
      const sam = await join('sam', SAM);
      await tv.hears(SAM);
      const alice = await join('alice', ALICE);
      await Promise.all([tv.hears(ALICE), sam.hears(ALICE), alice.hears(TV), tv.sees('alice'), alice.sees('sam')]);
      expect([tv.offers, sam.offers]).toEqual([1, 1]);

      const bob = await join('bob', BOB);
      await Promise.all([tv.hears(BOB), tv.sees('bob'), bob.hears(TV), bob.sees('alice')]);
      expect(tv.offers).toBe(2);

      alice.leg.close();
      await tv.hearsNoMore(ALICE);
      await Promise.all([tv.hears(BOB), tv.hears(SAM), tv.sees('sam')]);
      // Sam left, alice came back: her picture takes the section that was his.
      sam.leg.close();
      await alice.page.context().close();
      const again = await join('alice', ALICE);
      await Promise.all([again.hears(TV), tv.hears(ALICE), tv.sees('alice')]);
      expect(tv.offers).toBe(2);
    },
  );

  it('mute needs no offer', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await Promise.all([tv.hears(SAM), sam.hears(TV)]);
    await tv.leg.mute('audio', true);
    await sam.hearsNoMore(TV);
    await tv.leg.mute('audio', false);
    await sam.hears(TV);
    expect([tv.offers, sam.offers]).toEqual([1, 1]);
  });

  it('a page on hold is told to send nothing, goes on when it is resumed, and keeps its place (RFC 3264 8.4)', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await Promise.all([tv.hears(SAM), sam.hears(TV), sam.sees('tv')]);
    const directions = () =>
      tv.page.evaluate(() => window.peer.connection.getTransceivers().map(({ currentDirection }) => currentDirection));
    const before = await directions();
    const sources = tv.leg.sources.map(({ producer }) => producer.id);
    await tv.leg.hold();
    await tv.settled();
    expect(await directions()).toEqual(before.map(() => 'recvonly'));
    await Promise.all([sam.hearsNoMore(TV), tv.hearsNoMore(SAM)]);
    await tv.leg.resume();
    await tv.settled();
    expect(await directions()).toEqual(before);
    await Promise.all([sam.hears(TV), sam.sees('tv'), tv.hears(SAM), tv.sees('sam')]);
    expect(tv.leg.sources.map(({ producer }) => producer.id)).toEqual(sources);
    expect([tv.offers, sam.offers]).toEqual([3, 1]);
  });

  it('a supervisor listens and is not heard; she whispers to Sam alone', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    const alice = await join('alice', ALICE, { listensOnly: true });
    await Promise.all([alice.hears(TV), alice.hears(SAM), tv.hears(SAM)]);
    await Promise.all([tv.hearsNoMore(ALICE), sam.hearsNoMore(ALICE)]);
    await room.change('alice', { listensOnly: false, whispersTo: 'sam' });
    await sam.hears(ALICE);
    await tv.hearsNoMore(ALICE);
  });

  it('a page that holds as SIP.js does (sendonly) reaches nobody, though its microphone goes on', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await tv.hears(SAM);
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
    expect(sam.leg.holding).toEqual({ byService: false, byPeer: true });
    await tv.hearsNoMore(SAM);
    await reoffer('sendrecv');
    expect(sam.leg.holding).toEqual({ byService: false, byPeer: false });
    await Promise.all([tv.hears(SAM), sam.hears(TV), sam.sees('tv')]);
  });

  it('everybody speaks PCMU from when a telephone is there, and opus again when it is gone', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await tv.hears(SAM);
    const codecs = () => Promise.all([tv, sam].map(({ page }) => page.evaluate(() => window.peer.sendingCodec())));
    await expect.poll(codecs).toEqual(['audio/opus', 'audio/opus']);
    await room.join(telephone(room, ['PCMU']));
    await Promise.all([tv.settled(), sam.settled()]);
    await expect.poll(codecs).toEqual(['audio/PCMU', 'audio/PCMU']);
    await Promise.all([tv.hears(SAM), sam.hears(TV), tv.sees('sam')]);
    await room.leave('telephone');
    await expect.poll(codecs).toEqual(['audio/opus', 'audio/opus']);
    await Promise.all([tv.hears(SAM), sam.hears(TV)]);
  });

  it('two pages and a telephone hear each other, in its codec; the telephone hears both at once', async () => {
    const edge = new MediaEdge(settings());
    const phone = await Telephone.open();
    onTestFinished(async () => {
      await phone.close();
      await edge.close();
    });
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await tv.hears(SAM);
    const leg = await createRtpLeg({ id: 'alice', placement: room.placement, edge });
    await room.join(leg);
    phone.calls(await leg.accept(phone.sdp())).hums(ALICE);
    await Promise.all([tv.hears(ALICE), sam.hears(ALICE), tv.hears(SAM), sam.hears(TV), tv.sees('sam')]);
    await phone.hears([TV, SAM], [ALICE]);
    leg.close();
    await Promise.all([tv.hearsNoMore(ALICE), tv.hears(SAM)]);
  });

  it('an ICE restart brings new paths, and sound goes on', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await tv.hears(SAM);
    const ufrag = () =>
      tv.page.evaluate(() => /ice-ufrag:(.*)/.exec(window.peer.connection.remoteDescription!.sdp)![1]);
    const before = await ufrag();
    await tv.leg.restart();
    await tv.settled();
    expect(await ufrag()).not.toBe(before);
    await Promise.all([tv.hears(SAM), sam.hears(TV)]);
  });

  it('a worker dies: the room is rebuilt on another, every leg is offered anew, sound and picture are back', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    await Promise.all([tv.hears(SAM), sam.hears(TV)]);
    const dead = stage.pool.load().find(({ workerId }) => workerId === room.placement.workerId)!;
    const rebuilt = once(room, 'rebuilt');
    process.kill(dead.pid, 'SIGKILL');
    await rebuilt;
    await Promise.all([tv.sees('sam'), sam.sees('tv'), tv.hears(SAM), sam.hears(TV)]);
    expect([tv.offers, sam.offers]).toEqual([2, 2]);
  });

  it('who speaks is told, and how loud', async () => {
    const levels = once(room, 'levels');
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM);
    const speaker = once(room, 'speaker');
    await tv.leg.mute('audio', true);
    expect(await speaker).toEqual(['sam']);
    const [loudness] = (await levels) as [ReadonlyMap<string, number>];
    expect([...loudness.values()].every((level) => level < 0 && level > -60)).toBe(true);
    await expect.poll(async () => (await tv.leg.stats()).levelDbov).toBe(null);
    const loud = (level: number | null) => level !== null && level < 0 && level > -60;
    await expect.poll(async () => (await sam.leg.stats()).levelDbov).toSatisfy(loud);
  });

  it('who speaks is nobody who is not heard by all: a supervisor who whispers', async () => {
    const told: unknown[] = [];
    room.on('speaker', (legId) => told.push(legId));
    room.on('levels', (levels) => told.push(...levels.keys()));
    const alice = await join('alice', ALICE, { whispersTo: 'sam' });
    const sam = await join('sam', SAM);
    await sam.hears(ALICE);
    await expect.poll(async () => (await alice.leg.stats()).levelDbov).toBeGreaterThan(-60);
    await once(room, 'levels');
    expect(new Set(told)).toEqual(new Set(['sam']));
  });
});

/** A telephone as a room sees one; its media are tested with the edge. */
function telephone({ placement }: Room, audioCodecs: readonly AudioCodec[]): Leg {
  const nothing = () => Promise.resolve();
  return Object.assign(new EventEmitter<LegEvents>(), {
    id: 'telephone',
    kind: 'rtp' as const,
    closed: false,
    placement,
    holding: { byService: false, byPeer: false },
    sources: [],
    audioCodecs,
    offer: () => Promise.reject(new Error('Not here.')),
    answer: nothing,
    withdraw: () => undefined,
    accept: () => Promise.reject(new Error('Not here.')),
    receive: nothing,
    speak: () => undefined,
    hold: nothing,
    resume: nothing,
    mute: nothing,
    preferSize: nothing,
    restart: nothing,
    move: nothing,
    stats: () => Promise.reject(new Error('Not here.')),
    close: () => undefined,
  });
}
