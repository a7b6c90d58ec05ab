/** A real browser and a telephone in one room: digits both ways, and wideband sound. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Room } from '../../media/room.ts';
import { createRtpLeg, type RtpLegOptions, type TelephoneLeg } from '../../media/rtpLeg.ts';
import { settings } from '../support/media/edgeStage.ts';
import { startRoomStage, type Caller, type RoomStage } from '../support/media/roomStage.ts';
import { windowsWith } from '../support/media/goertzel.ts';
import { Telephone } from '../support/media/telephone.ts';
import { startBaresip } from '../support/sip/baresip.ts';
import { setStage } from '../support/sip/stage.ts';
import { missingTools } from '../support/sip/tools.ts';

const WITHIN = { timeout: 30_000, interval: 100 };
const HERTZ = { sam: 1000, alice: 1700 };

const sip = setStage();
let stage: RoomStage;
let edge: MediaEdge;
let room: Room;
/** What the room told, as "sam 1". */
let digits: string[];

beforeAll(async () => {
  stage = await startRoomStage();
  edge = new MediaEdge(settings());
});
afterAll(async () => {
  await edge.close();
  await stage.close();
});
beforeEach(async () => {
  room = await stage.openRoom();
  digits = [];
  room.on('dtmf', (legId, digit) => digits.push(`${legId} ${digit}`));
});

async function page(id: string, hertz: number): Promise<Caller> {
  const caller = await stage.join(room, id, hertz);
  onTestFinished(async () => {
    caller.leg.close();
    room.close();
    await caller.page.context().close();
  });
  return caller;
}

async function telephoneLeg(id: string, options: Partial<RtpLegOptions> = {}): Promise<TelephoneLeg> {
  const leg = await createRtpLeg({ id, placement: room.placement, edge, ...options });
  onTestFinished(() => leg.close());
  await room.join(leg);
  return leg;
}

/** Somebody with a telephone that is a bare socket. */
async function calls(id: string, hertz: number): Promise<Telephone> {
  const telephone = await Telephone.open();
  onTestFinished(() => telephone.close());
  const leg = await telephoneLeg(id);
  return telephone.calls(await leg.accept(telephone.sdp())).hums(hertz);
}

describe('digits (RFC 4733) in a room with a telephone', () => {
  it('of a page are heard by the telephone and told by the room; the telephone’s are told as well', async () => {
    const sam = await page('sam', HERTZ.sam);
    const alice = await calls('alice', HERTZ.alice);
    await Promise.all([sam.hears(HERTZ.alice), alice.hears([HERTZ.sam])]);

    await sam.page.evaluate(() => window.peer.press('1#'));
    await expect.poll(() => digits, WITHIN).toEqual(['sam 1', 'sam #']);
    const heard = () => alice.peer.heard.filter(({ payloadType }) => payloadType === 101);
    await expect.poll(() => heard().filter(({ payload }) => isEnd(payload)).length, WITHIN).toBeGreaterThan(5);
    expect(new Set(heard().map(({ payload }) => payload[0]))).toEqual(new Set([1, 11]));
    // Three ends each, and a timestamp each.
    expect(new Set(heard().map(({ timestamp }) => timestamp)).size).toBe(2);

    alice.presses(5);
    await expect.poll(() => digits, WITHIN).toEqual(['sam 1', 'sam #', 'alice 5']);
    // Sound goes on beside it, both ways.
    await Promise.all([sam.hears(HERTZ.alice), alice.hears([HERTZ.sam])]);
  });
});

/** The event is over (RFC 4733 2.3). */
const isEnd = (payload: Buffer) => (payload[1]! & 0x80) !== 0;

/** Above the 4,000 hertz where a telephone's ordinary sound ends. */
const WIDE = { sam: 5_500, bob: 6_000 };

describe.skipIf((await missingTools()).includes('baresip'))(
  'G722 between a page and a telephone of other makers',
  () => {
    it('[M15] both hear tones that G.711 has no room for', async () => {
      const sam = await page('sam', WIDE.sam);
      const { srf } = await sip.application({
        invite(req, res) {
          const answer = async (): Promise<void> => {
            const leg = await telephoneLeg('bob');
            const dialog = await srf.createUAS(req, res, { localSdp: await leg.accept(req.body) });
            dialog.on('destroy', () => leg.close());
          };
          answer().catch((error: Error) => res.send(500, { headers: { 'X-Why': error.message } }));
        },
      });
      const { host, port } = sip.address('udp');
      const tone = { hertz: WIDE.bob, rate: 16_000 };
      const bob = await startBaresip('bob', `sip:room@${host}:${port}`, { modules: ['g722.so'], tone });
      onTestFinished(() => bob.stop());
      await sam.hears(WIDE.bob);
      await expect.poll(async () => windowsWith(await bob.heard(), WIDE.sam, tone.rate), WITHIN).toBeGreaterThan(5);
      expect(await sam.page.evaluate(() => window.peer.sendingCodec())).toBe('audio/G722');
    });
  },
);
