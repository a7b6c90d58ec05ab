/** Music on hold as the browser's side of a call (web/call) hears it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { launchBrowser } from '../support/browser.ts';
import { joinCall, near, participants, pitchOf } from '../support/callGuest.ts';
import { openCallServer, type CallServer } from '../support/callServer.ts';
import { settings } from '../support/media/edgeStage.ts';
import { startPool } from '../support/media/roomStage.ts';
import { soundOf } from '../support/media/sounds.ts';
import { writeTone } from '../support/tone.ts';

const HERTZ = { alice: 1000, bob: 700 };
const MUSIC = 2000;
const WITHIN = { timeout: 30_000, interval: 100 };

let pool: WorkerPool;
let edge: MediaEdge;
let server: CallServer;
let tones: Awaited<ReturnType<typeof writeTone>>[];
let browsers: Browser[];

beforeAll(async () => {
  pool = await startPool(1);
  edge = new MediaEdge(settings());
  await edge.load('music', await soundOf({ tone: { frequencies: [MUSIC], onMs: 1_000, offMs: 0 } }));
  server = await openCallServer(pool, 0, () => edge.openSource());
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

async function join(browser: Browser, name: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${server.url}?room=harbour&name=${name}`);
  await joinCall(page, ['microphone', 'camera']);
  return page;
}

async function hears(page: Page, id: string, hertz: number): Promise<void> {
  await expect.poll(() => pitchOf(page, id), WITHIN).toSatisfy(near(hertz));
}

it('[M21] [RFC 3264 8.4] who is held hears music and not the other, and has the other back afterwards', async () => {
  const [alice, bob] = await Promise.all([join(browsers[0]!, 'alice'), join(browsers[1]!, 'bob')]);
  await (await server.room('harbour')).playOnHold(['music']);
  await expect.poll(() => participants(alice), WITHIN).toEqual(['bob heard moving']);
  await hears(alice, 'bob', HERTZ.bob);
  await server.leg('alice')!.hold();
  await hears(alice, 'sound-1', MUSIC);
  // The picture stands still where it is; nothing of a held page is heard or seen.
  await expect
    .poll(async () => (await participants(alice)).sort(), WITHIN)
    .toEqual(['bob silent still', 'sound-1 heard none']);
  await expect.poll(() => pitchOf(bob, 'alice'), WITHIN).not.toSatisfy(near(HERTZ.alice));
  await server.leg('alice')!.resume();
  await expect.poll(() => participants(alice), WITHIN).toEqual(['bob heard moving']);
  await Promise.all([hears(alice, 'bob', HERTZ.bob), hears(bob, 'alice', HERTZ.alice)]);
});
