/** A test page, a baresip phone and a second page in one room: all hear each other. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import { createRtpLeg } from '../../media/rtpLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { launchBrowser } from '../support/browser.ts';
import { joinCall, near, participants, pitchOf } from '../support/callGuest.ts';
import { openCallServer, type CallServer } from '../support/callServer.ts';
import { settings } from '../support/media/edgeStage.ts';
import { windowsWith } from '../support/media/goertzel.ts';
import { startPool } from '../support/media/roomStage.ts';
import { startBaresip, type Baresip } from '../support/sip/baresip.ts';
import { setStage } from '../support/sip/stage.ts';
import { missingTools } from '../support/sip/tools.ts';
import { writeTone } from '../support/tone.ts';

const HERTZ = { alice: 1000, bob: 700, telephone: 440 };
const ROOM = 'harbour';
const WITHIN = { timeout: 40_000, interval: 200 };
/** Of the 20 windows of the last two seconds that the telephone heard; a tone sounds in three of five. */
const AUDIBLE = 3;

const stage = setStage();
let pool: WorkerPool;
let edge: MediaEdge;
let server: CallServer;
let tones: Awaited<ReturnType<typeof writeTone>>[];
let browsers: Browser[];

beforeAll(async () => {
  pool = await startPool(1);
  edge = new MediaEdge(settings());
  server = await openCallServer(pool);
  tones = await Promise.all([writeTone(HERTZ.alice), writeTone(HERTZ.bob)]);
  browsers = await Promise.all(
    tones.map(({ path }) => launchBrowser({ flags: [`--use-file-for-fake-audio-capture=${path}`] })),
  );
});
afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await server.close();
  await edge.close();
  await pool.close();
  await Promise.all(tones.map((tone) => tone.remove()));
});

async function join(browser: Browser, name: string) {
  const page = await browser.newPage();
  await page.goto(`${server.url}?room=${ROOM}&name=${name}`);
  await joinCall(page, ['microphone', 'camera']);
  return page;
}

/** A telephone that calls is put into the room. */
async function answerCalls(): Promise<void> {
  const { srf } = await stage.application({
    invite(req, res) {
      const answer = async (): Promise<void> => {
        const room = await server.room(ROOM);
        const leg = await createRtpLeg({ id: 'telephone', placement: room.placement, edge });
        const dialog = await srf.createUAS(req, res, { localSdp: await leg.accept(req.body) });
        dialog.on('destroy', () => leg.close());
        await room.join(leg);
      };
      answer().catch((error: Error) => res.send(500, { headers: { 'X-Why': error.message } }));
    },
  });
}

async function heard(telephone: Baresip, hertz: number): Promise<number> {
  return windowsWith((await telephone.heard()).slice(-16_000), hertz);
}

describe.skipIf((await missingTools()).includes('baresip'))('a room of two pages and a telephone', () => {
  it('[M15] [M21] all three hear each other, in G.711; the pages go on seeing each other', async () => {
    await answerCalls();
    const [alice, bob] = await Promise.all([join(browsers[0]!, 'alice'), join(browsers[1]!, 'bob')]);
    await expect.poll(() => participants(alice), WITHIN).toEqual(['bob heard moving']);
    const { host, port } = stage.address('udp');
    const telephone = await startBaresip('carol', `sip:${ROOM}@${host}:${port}`);
    onTestFinished(() => telephone.stop());
    for (const [page, other] of [
      [alice, 'bob'],
      [bob, 'alice'],
    ] as const) {
      await expect.poll(() => pitchOf(page, 'telephone'), WITHIN).toSatisfy(near(HERTZ.telephone));
      await expect.poll(() => pitchOf(page, other), WITHIN).toSatisfy(near(HERTZ[other]));
      await expect
        .poll(async () => (await participants(page)).sort(), WITHIN)
        .toEqual([`${other} heard moving`, 'telephone heard none']);
    }
    await expect.poll(() => heard(telephone, HERTZ.alice), WITHIN).toBeGreaterThanOrEqual(AUDIBLE);
    await expect.poll(() => heard(telephone, HERTZ.bob), WITHIN).toBeGreaterThanOrEqual(AUDIBLE);
  });
});
