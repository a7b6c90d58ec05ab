/** Pictures in a room as real browsers send them: in several sizes at once, and in H264. */
import type { types } from 'mediasoup';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Room } from '../../media/room.ts';
import { startRoomStage, type Caller, type RoomStage } from '../support/media/roomStage.ts';

const WITHIN = { timeout: 60_000, interval: 100 };
const [TV, SAM, ALICE] = [440, 1000, 1700];
/** Chromium sends a third size from 960 pixels on. */
const WIDTH = 960;
const SIZES = ['small', 'middle', 'large'];
/** Together below what Chromium takes a new line for, so that all three begin at once. */
const BITRATES = [40_000, 60_000, 150_000];

let stage: RoomStage;
let room: Room;

beforeAll(async () => {
  stage = await startRoomStage();
});
afterAll(() => stage.close());
beforeEach(async () => {
  room = await stage.openRoom();
});

async function join(...[id, hertz, options]: [string, number, Parameters<RoomStage['join']>[3]?]): Promise<Caller> {
  const caller = await stage.join(room, id, hertz, options);
  onTestFinished(async () => {
    caller.leg.close();
    room.close();
    await caller.page.context().close();
  });
  return caller;
}

const widthOf = async ({ page }: Caller, id: string) =>
  (await page.evaluate((one) => window.peer.picture(one), id)).width;
const formatOf = async ({ page }: Caller, id: string) =>
  (await page.evaluate((one) => window.peer.picture(one), id)).codec;

describe('simulcast (RFC 8853)', () => {
  it('[M21] Sam sends three sizes; the TV gets the one that was asked for, and what its line carries', async () => {
    const transports: types.Transport[] = [];
    room.placement.router.observer.on('newtransport', (transport) => transports.push(transport));
    const tv = await join('tv', TV);
    const [ofTv] = transports;
    const sam = await join('sam', SAM, { simulcast: SIZES, width: WIDTH, bitrates: BITRATES });
    await expect
      .poll(() => sam.page.evaluate(() => window.peer.sizes()), WITHIN)
      .toEqual({ small: WIDTH / 4, middle: WIDTH / 2, large: WIDTH });
    await expect.poll(() => widthOf(tv, 'sam'), WITHIN).toBe(WIDTH);

    await tv.leg.preferSize('sam', 0);
    await expect.poll(() => widthOf(tv, 'sam'), WITHIN).toBe(WIDTH / 4);
    await tv.sees('sam');
    await tv.leg.preferSize('sam', 1);
    await expect.poll(() => widthOf(tv, 'sam'), WITHIN).toBe(WIDTH / 2);
    await tv.leg.preferSize('sam', null);
    await expect.poll(() => widthOf(tv, 'sam'), WITHIN).toBe(WIDTH);

    // Its line becomes too narrow for that.
    await ofTv!.setMaxOutgoingBitrate(BITRATES[0]!);
    await expect.poll(() => widthOf(tv, 'sam'), WITHIN).toBeLessThan(WIDTH);
    // None of it took an offer, and Sam sees the TV, which sends one size.
    expect([tv.offers, sam.offers]).toEqual([1, 1]);
    await sam.sees('tv');
  });
});

const H264 = 'video/H264';
const VP8 = 'video/VP8';

describe('H264 (RFC 6184)', () => {
  it('[M21] goes both ways between two pages that know nothing else', async () => {
    const tv = await join('tv', TV, { formats: [H264] });
    const sam = await join('sam', SAM, { formats: [H264] });
    await Promise.all([tv.sees('sam'), sam.sees('tv')]);
    expect([await formatOf(tv, 'sam'), await formatOf(sam, 'tv')]).toEqual([H264, H264]);
  });

  it('and VP8 meet in one room: a page that has both decodes each', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM, { formats: [VP8, H264] });
    const alice = await join('alice', ALICE, { formats: [H264] });
    await Promise.all([tv.sees('sam'), tv.sees('alice'), sam.sees('alice')]);
    expect([await formatOf(tv, 'sam'), await formatOf(tv, 'alice')]).toEqual([VP8, H264]);
    // Nobody sends VP8 to who has no word for it, and its sound is there all the same.
    await alice.hears(SAM);
    expect(await formatOf(alice, 'sam')).toBeNull();
  });

  it('[RFC 3264 6.1] named first by a page that was offered VP8 first: it sends VP8, and is seen', async () => {
    const tv = await join('tv', TV);
    const sam = await join('sam', SAM, { formats: [H264, VP8] });
    await Promise.all([tv.sees('sam'), sam.sees('tv')]);
    expect(await formatOf(tv, 'sam')).toBe(VP8);
  });
});
