/** Two pages in one room of the service's own: the browser's side of a call against the real other side. */
import { once } from 'node:events';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Room } from '../../media/room.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { launchBrowser } from '../support/browser.ts';
import { joinCall, near, participants, pitchOf } from '../support/callGuest.ts';
import { openCallServer, type CallServer } from '../support/callServer.ts';
import { startPool } from '../support/media/roomStage.ts';
import { writeTone } from '../support/tone.ts';

const HERTZ = { alice: 1000, bob: 700 };
const WITHIN = { timeout: 30_000, interval: 100 };

let pool: WorkerPool;
let server: CallServer;
let tones: Awaited<ReturnType<typeof writeTone>>[];
/** Each with a microphone that hears another tone. */
let browsers: Record<keyof typeof HERTZ, Browser>;
let contexts: BrowserContext[] = [];
let errors: string[] = [];
let rooms = 0;

beforeAll(async () => {
  pool = await startPool(2);
  server = await openCallServer(pool);
  tones = await Promise.all([writeTone(HERTZ.alice), writeTone(HERTZ.bob)]);
  const [alice, bob] = await Promise.all(
    tones.map(({ path }) => launchBrowser({ flags: [`--use-file-for-fake-audio-capture=${path}`] })),
  );
  browsers = { alice: alice!, bob: bob! };
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
  expect(errors).toEqual([]);
  errors = [];
});
afterAll(async () => {
  await Promise.all(Object.values(browsers).map((browser) => browser.close()));
  await server.close();
  await pool.close();
  await Promise.all(tones.map((tone) => tone.remove()));
});

const newRoom = () => `room-${(rooms += 1)}`;

async function join(name: keyof typeof HERTZ, room: string, things = ['microphone', 'camera']): Promise<Page> {
  const context = await browsers[name].newContext();
  contexts.push(context);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${server.url}?room=${room}&name=${name}`);
  await joinCall(page, things);
  return page;
}

async function meets(page: Page, ...expected: string[]): Promise<void> {
  await expect.poll(() => participants(page), WITHIN).toEqual(expected);
}

async function hears(page: Page, id: string, hertz: number): Promise<void> {
  await expect.poll(() => pitchOf(page, id), WITHIN).toSatisfy(near(hertz));
}

function killWorkerOf({ placement }: Room): void {
  const { pid } = pool.load().find(({ workerId }) => workerId === placement.workerId)!;
  process.kill(pid, 'SIGKILL');
}

const asked = (page: Page) => page.evaluate(() => window.trial.asked);

describe('two pages in a room', () => {
  it('[M21] see and hear each other; who comes later is shown without a new offer', async () => {
    const room = newRoom();
    const alice = await join('alice', room);
    await alice.getByText('Connected', { exact: true }).waitFor();
    await alice.getByText('Nobody else is here yet.').waitFor();
    const bob = await join('bob', room);
    await Promise.all([meets(alice, 'bob heard moving'), meets(bob, 'alice heard moving')]);
    await hears(alice, 'bob', HERTZ.bob);
    await hears(bob, 'alice', HERTZ.alice);
    expect(await asked(alice)).toEqual(['join']);
    await bob.getByRole('button', { name: 'Hang up' }).click();
    await alice.getByText('Nobody else is here yet.').waitFor();
  });

  it('a second call on the same page begins anew', async () => {
    const room = newRoom();
    const alice = await join('alice', room);
    const bob = await join('bob', room);
    await meets(alice, 'bob heard moving');
    await bob.getByRole('button', { name: 'Hang up' }).click();
    await alice.getByText('Nobody else is here yet.').waitFor();
    await bob.getByRole('button', { name: 'Join' }).click();
    await bob.getByRole('button', { name: 'Mic off' }).click();
    await hears(alice, 'bob', HERTZ.bob);
  });

  it('an ICE restart that the page asks for is offered and taken', async () => {
    const room = newRoom();
    const [alice, bob] = await Promise.all([join('alice', room), join('bob', room)]);
    await meets(bob, 'alice heard moving');
    await bob.evaluate(() => window.dispatchEvent(new Event('online')));
    await expect.poll(() => asked(bob), WITHIN).toEqual(['join', 'restart']);
    await Promise.all([hears(bob, 'alice', HERTZ.alice), hears(alice, 'bob', HERTZ.bob)]);
  });

  it('the worker dies: both are carried over to another and hear each other again, in the same tiles', async () => {
    const room = newRoom();
    const [alice, bob] = await Promise.all([join('alice', room), join('bob', room)]);
    await Promise.all([meets(alice, 'bob heard moving'), meets(bob, 'alice heard moving')]);
    const stream = await alice.evaluateHandle(() => window.trial.call!.state.participants[0]!.stream);
    const died = new Promise((seen) => pool.once('died', seen));
    killWorkerOf(await server.room(room));
    await died;
    await Promise.all([hears(alice, 'bob', HERTZ.bob), hears(bob, 'alice', HERTZ.alice)]);
    await Promise.all([meets(alice, 'bob heard moving'), meets(bob, 'alice heard moving')]);
    expect(await stream.evaluate((before) => before === window.trial.call!.state.participants[0]!.stream)).toBe(true);
  });

  it('on hold a page sends nothing and its camera is off; resumed, it is heard and seen in the same place', async () => {
    const room = newRoom();
    const [alice, bob] = await Promise.all([join('alice', room), join('bob', room)]);
    await Promise.all([meets(alice, 'bob heard moving'), meets(bob, 'alice heard moving')]);
    const own = () =>
      bob.evaluate(() => {
        const { call, devices } = window.trial;
        const { held, camera, microphone } = call!.state;
        const { camera: device, microphone: voice } = devices.state;
        return [held, camera, device.status, microphone, voice.track?.enabled].join(' ');
      });
    expect(await own()).toBe('false on on on true');
    await server.leg('bob')!.hold();
    await expect.poll(own, WITHIN).toBe('true on off on false');
    // Another worker, and so another connection, is no end of it.
    const rebuilt = once(await server.room(room), 'rebuilt');
    killWorkerOf(await server.room(room));
    await rebuilt;
    await expect.poll(() => server.leg('bob')!.sources.length, WITHIN).toBe(0);
    expect(await own()).toBe('true on off on false');
    await server.leg('bob')!.resume();
    await expect.poll(own, WITHIN).toBe('false on on on true');
    await Promise.all([hears(alice, 'bob', HERTZ.bob), hears(bob, 'alice', HERTZ.alice)]);
    await Promise.all([meets(alice, 'bob heard moving'), meets(bob, 'alice heard moving')]);
    expect(await asked(bob)).toEqual(['join']);
  });

  it('who has neither camera nor microphone sees and hears', async () => {
    const room = newRoom();
    const alice = await join('alice', room);
    await alice.getByText('Connected', { exact: true }).waitFor();
    const context = await browsers.bob.newContext();
    contexts.push(context);
    await context.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined }),
    );
    const tv = await context.newPage();
    await tv.goto(`${server.url}?room=${room}&name=tv`);
    await tv.getByRole('button', { name: 'Join' }).click();
    await meets(tv, 'alice heard moving');
    await hears(tv, 'alice', HERTZ.alice);
    expect(server.leg('tv')?.sources).toEqual([]);
    expect(await participants(alice)).toEqual([]);
  });
});
