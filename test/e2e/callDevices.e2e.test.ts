/** Devices of a call in Chromium: permissions in words, unplugging, what is remembered. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seriousProblems } from '../support/axe.ts';
import { launchBrowser } from '../support/browser.ts';
import { serveCallPage, type CallPage } from '../support/callPage.ts';

let served: CallPage;
let browser: Browser;
let context: BrowserContext | null = null;
let settings: CDPSession | undefined;
let errors: string[] = [];

beforeAll(async () => {
  [served, browser] = await Promise.all([serveCallPage(), launchBrowser({ asks: true })]);
});
afterEach(async () => {
  await context?.close();
  context = null;
  expect(errors).toEqual([]);
  errors = [];
});
afterAll(async () => {
  await browser.close();
  await served.close();
});

declare global {
  interface Window {
    /** Labels of devices that are not plugged in. */
    pulled: string[];
    /** Pulls a device out, or plugs it in again. */
    plug(label: string, there: boolean): void;
  }
}

/** Lets a test pull devices out: they are not listed, cannot be opened, and what they gave has ended. */
function pullable(): void {
  const devices = navigator.mediaDevices;
  const list = devices.enumerateDevices.bind(devices);
  const open = devices.getUserMedia.bind(devices);
  const tracks: MediaStreamTrack[] = [];
  window.pulled = [];
  const isPulled = (label: string) => window.pulled.some((pulled) => label.includes(pulled));
  devices.enumerateDevices = async () => (await list()).filter(({ label }) => !isPulled(label));
  devices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    const [track] = stream.getTracks();
    if (!isPulled(track!.label)) {
      tracks.push(track!);
      return stream;
    }
    // The browser would give the next one.
    track!.stop();
    const kind = constraints?.audio ? 'audioinput' : 'videoinput';
    const next = (await devices.enumerateDevices()).find((one) => one.kind === kind && one.deviceId !== 'default');
    if (next === undefined) throw new DOMException('Requested device not found', 'NotFoundError');
    const deviceId = { exact: next.deviceId };
    const other = await open(kind === 'audioinput' ? { audio: { deviceId } } : { video: { deviceId } });
    tracks.push(...other.getTracks());
    return other;
  };
  window.plug = (label, there) => {
    window.pulled = there ? window.pulled.filter((one) => one !== label) : [...window.pulled, label];
    for (const track of tracks) {
      if (there || !track.label.includes(label) || track.readyState === 'ended') continue;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    devices.dispatchEvent(new Event('devicechange'));
  };
}

interface Given {
  permissions?: string[];
  before?: () => void;
  dark?: boolean;
}

async function open({ permissions = ['microphone', 'camera'], before, dark = false }: Given = {}): Promise<Page> {
  context = await browser.newContext({ permissions, colorScheme: dark ? 'dark' : 'light' });
  if (before !== undefined) await context.addInitScript(before);
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(served.url);
  return page;
}

async function setPermission(page: Page, name: 'microphone' | 'camera', setting: 'granted' | 'denied' | 'prompt') {
  // A setting stands for as long as the session that made it.
  settings ??= await browser.newBrowserCDPSession();
  const target = await page.context().newCDPSession(page);
  const { targetInfo } = await target.send('Target.getTargetInfo');
  await settings.send('Browser.setPermission', {
    permission: { name },
    setting,
    origin: new URL(served.url).origin,
    ...(targetInfo.browserContextId !== undefined && { browserContextId: targetInfo.browserContextId }),
  });
}

const turnOn = (page: Page, thing: string) => page.getByRole('button', { name: `Turn ${thing} on` }).click();
const isOn = (page: Page, thing: string) => page.getByRole('button', { name: `Turn ${thing} off` }).waitFor();
const says = (page: Page, words: string) => page.getByText(words).waitFor();
const microphone = (page: Page) =>
  page.evaluate(() => {
    const { status, problem, permission, device } = window.trial.devices.state.microphone;
    return { status, problem, permission, label: device?.label ?? null };
  });

describe('permission', () => {
  it('before the question: the page says that the browser will ask', async () => {
    const page = await open({ permissions: [] });
    await setPermission(page, 'microphone', 'prompt');
    await says(page, 'The browser will ask about the microphone. Choose Allow.');
  });

  it('denied: the page says who says no and where to change it; allowed, it goes on by itself', async () => {
    const page = await open({ permissions: [] });
    await setPermission(page, 'microphone', 'denied');
    await turnOn(page, 'microphone');
    await says(page, 'This page is not allowed to use the microphone.');
    expect(await microphone(page)).toMatchObject({ status: 'off', problem: 'denied', permission: 'denied' });
    await setPermission(page, 'microphone', 'granted');
    await isOn(page, 'microphone');
    expect(await microphone(page)).toMatchObject({ status: 'on', problem: null, permission: 'granted' });
  });

  it('denied: the call is joined all the same, and the others are seen and heard', async () => {
    const page = await open({ permissions: [] });
    await setPermission(page, 'microphone', 'denied');
    await setPermission(page, 'camera', 'denied');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: 'Mic off' }).click();
    await page.getByRole('button', { name: 'No mic' }).waitFor();
    await expect
      .poll(() => page.evaluate(() => window.trial.call?.state.participants.map(({ picture }) => picture)), {
        timeout: 20_000,
      })
      .toEqual(['moving']);
  });

  it.each([
    ['NotAllowedError', 'Permission denied by system', 'This computer is blocking the microphone for this browser.'],
    ['NotReadableError', 'Could not start audio source', 'Another app is using the microphone.'],
    ['NotFoundError', 'Requested device not found', 'No microphone found.'],
  ])('%s (%s) is said in words', async (name, message, words) => {
    const page = await open();
    await page.evaluate(
      ([name, message]) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException(message, name));
      },
      [name, message],
    );
    await turnOn(page, 'microphone');
    await says(page, words);
  });

  it('[B8] a browser without getUserMedia is told as a capability, and nothing throws', async () => {
    const page = await open({
      before: () => Object.defineProperty(Navigator.prototype, 'mediaDevices', { get: () => undefined }),
    });
    await says(page, 'This browser cannot use a microphone.');
    expect(await page.evaluate(() => window.trial.devices.state.capabilities?.ways)).toEqual({
      watch: { possible: true },
      voiceCall: { possible: false, lacking: 'microphone' },
      videoCall: { possible: false, lacking: 'microphone' },
    });
    await page.getByRole('button', { name: 'Join' }).click();
    await expect
      .poll(() => page.evaluate(() => window.trial.call?.state.participants.map(({ picture }) => picture)), {
        timeout: 20_000,
      })
      .toEqual(['moving']);
  });
});

describe('unplugging', () => {
  const FIRST = 'Fake Audio Input 1';
  const SECOND = 'Fake Audio Input 2';

  async function withFirst(): Promise<Page> {
    const page = await open({ before: pullable });
    await turnOn(page, 'microphone');
    await isOn(page, 'microphone');
    await page.getByLabel('Microphone', { exact: true }).selectOption(FIRST);
    await expect.poll(async () => (await microphone(page)).label).toBe(FIRST);
    return page;
  }

  it('the microphone in use: another takes its place and the page says so; it comes back when it is back', async () => {
    const page = await withFirst();
    await page.evaluate((label) => window.plug(label, false), FIRST);
    await says(page, `${FIRST} was unplugged. You are heard through`);
    expect(await microphone(page)).toMatchObject({ status: 'on', problem: null });
    expect((await microphone(page)).label).not.toBe(FIRST);
    await page.evaluate((label) => window.plug(label, true), FIRST);
    await says(page, `You are heard through ${FIRST} again.`);
    expect(await microphone(page)).toMatchObject({ status: 'on', label: FIRST });
  });

  it('in a call: what is muted stays muted on the other device', async () => {
    const page = await withFirst();
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('button', { name: 'Mic on' }).click();
    await page.evaluate((label) => window.plug(label, false), FIRST);
    await says(page, `${FIRST} was unplugged.`);
    expect(await page.evaluate(() => window.trial.devices.state.microphone.track?.enabled)).toBe(false);
    expect(await page.evaluate(() => window.trial.call?.state.microphone)).toBe('muted');
  });

  it('the last microphone: the page says that it is gone, and takes it up again by itself', async () => {
    const page = await withFirst();
    await page.evaluate(() => window.plug('Audio Input', false));
    await says(page, 'The microphone was unplugged. Plug it in again, and it is used at once.');
    expect(await microphone(page)).toMatchObject({ status: 'off', problem: 'unplugged' });
    await page.evaluate(() => window.plug('Audio Input', true));
    await isOn(page, 'microphone');
    await says(page, 'again.');
  });

  it('[B8] a camera that is plugged in during a call: an offer is asked for, and it can be turned on', async () => {
    const page = await open({ before: pullable });
    await page.evaluate(() => window.plug('fake_device', false));
    await expect
      .poll(() => page.evaluate(() => window.trial.devices.state.capabilities?.ways.videoCall))
      .toEqual({ possible: false, lacking: 'camera' });
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.evaluate(() => window.plug('fake_device', true));
    await expect.poll(() => page.evaluate(() => window.trial.asked)).toEqual(['join', 'device']);
    await page.getByRole('button', { name: 'Camera off' }).click();
    await expect
      .poll(() => page.evaluate(async () => (await window.trial.sam!.heard()).framesDecoded), { timeout: 20_000 })
      .toBeGreaterThan(5);
  });

  it('what was chosen is remembered over a reload, as a hash and not by its name', async () => {
    const page = await withFirst();
    await page.getByLabel('Microphone', { exact: true }).selectOption(SECOND);
    await expect.poll(async () => (await microphone(page)).label).toBe(SECOND);
    const kept = await page.evaluate(() => ({ ...localStorage }));
    expect(Object.keys(kept)).toEqual(['couchline call audioinput']);
    expect(JSON.stringify(kept)).not.toMatch(/fake/i);
    await page.reload();
    await turnOn(page, 'microphone');
    await expect.poll(async () => (await microphone(page)).label).toBe(SECOND);
  });
});

describe('the test page', () => {
  it.each([false, true])('axe finds nothing serious (dark: %s)', async (dark) => {
    const page = await open({ dark });
    await turnOn(page, 'microphone');
    await isOn(page, 'microphone');
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });
});
