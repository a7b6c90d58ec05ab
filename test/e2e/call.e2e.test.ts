/** The browser's side of a call against Sam, a raw peer in the page that offers as the service does. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { joinCall, near, participants, pitchOf } from '../support/callGuest.ts';
import { serveCallPage, type CallPage } from '../support/callPage.ts';
import { writeTone } from '../support/tone.ts';
import { openUdpRelay } from '../support/udpRelay.ts';
import type { CallState } from '../../web/call/types.ts';

/** What alice's microphone hears; Sam sings at 440. */
const ALICE_HERTZ = 1000;

let served: CallPage;
let tone: Awaited<ReturnType<typeof writeTone>>;
let browser: Browser;
let context: BrowserContext | null = null;
let errors: string[] = [];

beforeAll(async () => {
  tone = await writeTone(ALICE_HERTZ);
  [served, browser] = await Promise.all([
    serveCallPage(),
    launchBrowser({
      flags: [
        `--use-file-for-fake-audio-capture=${tone.path}`,
        // Sam's address is to be seen, for the relay to find it.
        '--disable-features=WebRtcHideLocalIpsWithMdns',
      ],
    }),
  ]);
});
afterEach(async () => {
  await context?.close();
  context = null;
  expect(errors).toEqual([]);
  errors = [];
});
afterAll(async () => {
  await browser.close();
  await Promise.all([served.close(), tone.remove()]);
});

async function open(query = ''): Promise<Page> {
  context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(served.url + query);
  return page;
}

/** Alice turns on what is named, joins, and sees Sam move. */
async function join(...things: ('microphone' | 'camera')[]): Promise<Page> {
  const page = await open();
  await joinCall(page, things);
  await seesSam(page);
  return page;
}

async function seesSam(page: Page): Promise<void> {
  await expect.poll(() => participants(page), WITHIN).toEqual(['sam heard moving']);
  await expectState(page, ({ connection }) => connection.kind).toBe('connected');
}

type Plain = Omit<CallState, 'participants'> & { participants: { id: string; sound: boolean; picture: string }[] };

const state = (page: Page): Promise<Plain | null> =>
  page.evaluate(() => {
    const { call } = window.trial;
    if (call === null) return null;
    const participants = call.state.participants.map(({ id, sound, picture }) => ({ id, sound, picture }));
    return { ...call.state, participants };
  });

const WITHIN = { timeout: 20_000, interval: 100 };

function expectState<T>(page: Page, of: (state: Plain) => T) {
  return expect.poll(async () => of((await state(page)) as Plain), WITHIN);
}

const heard = (page: Page) => page.evaluate(() => window.trial.sam!.heard());
const asked = (page: Page) => page.evaluate(() => window.trial.asked);

const samsPitch = (page: Page) => pitchOf(page, 'sam');

describe('a call', () => {
  it('[M21] is seen and heard both ways: pictures are decoded, each tone arrives', async () => {
    const page = await join('microphone', 'camera');
    await expect.poll(() => samsPitch(page), WITHIN).toSatisfy(near(440));
    await expect.poll(async () => (await heard(page)).pitch, WITHIN).toSatisfy(near(ALICE_HERTZ));
    await expect.poll(async () => (await heard(page)).framesDecoded, WITHIN).toBeGreaterThan(10);
    await expectState(page, ({ quality }) => quality?.framesDecoded ?? 0).toBeGreaterThan(10);
    await expectState(page, ({ quality }) => quality?.roundTripMs ?? -1).toBeGreaterThanOrEqual(0);
  });

  it('[M21] muting silences at once, speaking meanwhile is noticed, and neither needs an offer', async () => {
    const page = await join('microphone');
    const level = async () => (await heard(page)).level;
    await expect.poll(level, WITHIN).toBeGreaterThan(0.05);
    await page.getByRole('button', { name: 'Mic on' }).click();
    await expect.poll(level, WITHIN).toBeLessThan(0.001);
    await page.getByText('You are speaking, and your microphone is off.').waitFor();
    expect((await state(page))?.microphone).toBe('muted');
    await page.getByRole('button', { name: 'Mic off' }).click();
    await expect.poll(level, WITHIN).toBeGreaterThan(0.05);
    await expectState(page, ({ speakingWhileMuted }) => speakingWhileMuted).toBe(false);
    expect(await asked(page)).toEqual(['join']);
  });

  it('[M21] who joins without camera and microphone turns them on later, without an offer', async () => {
    const page = await join();
    expect(await heard(page)).toMatchObject({ framesDecoded: 0 });
    await page.getByRole('button', { name: 'Mic off' }).click();
    await page.getByRole('button', { name: 'Camera off' }).click();
    await expect.poll(async () => (await heard(page)).pitch, WITHIN).toSatisfy(near(ALICE_HERTZ));
    await expect.poll(async () => (await heard(page)).framesDecoded, WITHIN).toBeGreaterThan(5);
    expect(await asked(page)).toEqual(['join']);
  });

  it('[M21] the camera that is off is off: its track has ended, and nothing is sent until it is on again', async () => {
    const page = await join('camera');
    await expect.poll(async () => (await heard(page)).framesDecoded, WITHIN).toBeGreaterThan(5);
    const track = await page.evaluateHandle(() => window.trial.devices.state.camera.track!);
    await page.getByRole('button', { name: 'Camera on' }).click();
    expect(await track.evaluate(({ readyState }) => readyState)).toBe('ended');
    await page.getByRole('button', { name: 'Camera off' }).click();
    const before = (await heard(page)).framesDecoded;
    await expect.poll(async () => (await heard(page)).framesDecoded, WITHIN).toBeGreaterThan(before + 5);
  });

  it('other sound behind a section is heard without an offer', async () => {
    const page = await join();
    await expect.poll(() => samsPitch(page), WITHIN).toSatisfy(near(440));
    await page.evaluate(() => window.trial.sam!.sing(880));
    await expect.poll(() => samsPitch(page), WITHIN).toSatisfy(near(880));
    expect(await asked(page)).toEqual(['join']);
  });

  it('who is behind a section is told by the layout too, over what the offer says', async () => {
    const page = await join();
    await page.evaluate(() =>
      window.trial.call!.receiveLayout([
        { mid: '0', participant: 'dr osei' },
        { mid: '1', participant: 'dr osei' },
        { mid: '2', participant: 'bob' },
        { mid: '3', participant: null },
      ]),
    );
    await expectState(page, ({ participants }) => participants.map(({ id }) => id)).toEqual(['dr osei', 'bob']);
  });

  it('levels are told as long as they are watched', async () => {
    const page = await join('microphone');
    await expect
      .poll(
        () =>
          page.evaluate(
            () =>
              new Promise<boolean>((resolve) => {
                const stop = window.trial.call!.watchLevels(({ own, participants }) => {
                  stop();
                  resolve((own ?? 0) > 0.05 && (participants['sam'] ?? 0) > 0.05);
                });
              }),
          ),
        WITHIN,
      )
      .toBe(true);
  });

  it('leaving turns camera and microphone off, and nothing is taken any more', async () => {
    const page = await join('microphone', 'camera');
    const left = await page.evaluate(async () => {
      const { call, devices } = window.trial;
      const tracks = [devices.state.camera.track!, devices.state.microphone.track!];
      call!.leave();
      call!.leave();
      const late = await call!.receiveOffer('v=0\r\n').catch((error: Error) => error.name);
      return { late, live: tracks.map(({ readyState }) => readyState), state: call!.state.connection.kind };
    });
    expect(left).toEqual({ late: 'OfferDropped', live: ['ended', 'ended'], state: 'left' });
  });
});

describe('offers', () => {
  it('wait for each other, and only the latest of those that wait is answered', async () => {
    const page = await join();
    const answers = await page.evaluate(async () => {
      const { call, sam } = window.trial;
      const [first, second, third] = [await sam!.offer(), await sam!.offer(), await sam!.offer()];
      const settled = await Promise.all(
        [first, second, third].map((offer) =>
          call!.receiveOffer(offer).then(
            () => 'answered',
            (error: Error) => error.name,
          ),
        ),
      );
      return settled;
    });
    expect(answers).toEqual(['answered', 'OfferDropped', 'answered']);
  });

  it('one that cannot be taken is refused, and the call goes on', async () => {
    const page = await join();
    const refused = await page.evaluate(() =>
      window.trial.call!.receiveOffer('v=0\r\nnonsense\r\n').then(
        () => 'answered',
        (error: Error) => error.name,
      ),
    );
    expect(refused).not.toBe('answered');
    const frames = async () => (await state(page))?.quality?.framesDecoded ?? 0;
    const before = await frames();
    await expect.poll(frames, WITHIN).toBeGreaterThan(before);
  });

  it('an ICE restart keeps the connection: credentials change, pictures go on', async () => {
    const page = await join('camera');
    const [before, after] = await page.evaluate(async () => {
      const { call, sam } = window.trial;
      const ufrag = (sdp: string) => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];
      const plain = await call!.receiveOffer(await sam!.offer());
      await sam!.answer(plain);
      const restarted = await call!.receiveOffer(await sam!.offer(true));
      await sam!.answer(restarted);
      return [ufrag(plain), ufrag(restarted)];
    });
    expect(after).not.toBe(before);
    const frames = (await heard(page)).framesDecoded;
    await expect.poll(async () => (await heard(page)).framesDecoded, WITHIN).toBeGreaterThan(frames + 5);
    await seesSam(page);
  });

  it('another leg gets another connection, and shows in the same tile', async () => {
    const page = await join('microphone');
    const stream = await page.evaluateHandle(() => window.trial.call!.state.participants[0]!.stream);
    await page.evaluate(async () => {
      // The worker died with Sam's old leg: what comes is of another session and another certificate.
      window.trial.sam!.close();
      const { call } = window.trial;
      const sam = window.trial.another();
      sam.sing(660);
      await sam.answer(await call!.receiveOffer(await sam.offer()));
    });
    await expect.poll(() => samsPitch(page), WITHIN).toSatisfy(near(660));
    await expect.poll(async () => (await heard(page)).pitch, WITHIN).toSatisfy(near(ALICE_HERTZ));
    expect(await stream.evaluate((before) => before === window.trial.call!.state.participants[0]!.stream)).toBe(true);
    await seesSam(page);
  });

  it('a network that loses everything is noticed, an offer is asked for, and the call comes back', async () => {
    const relay = await openUdpRelay();
    try {
      const page = await open(`?relay=${relay.port}`);
      await page.getByRole('button', { name: 'Join' }).click();
      const address = await page.waitForFunction(() => window.trial.sam?.address ?? null);
      const { ip, port } = (await address.jsonValue()) as { ip: string; port: number };
      relay.leadTo(ip, port);
      await seesSam(page);
      relay.cut();
      await page.getByText('Reconnecting').waitFor();
      await expect.poll(() => asked(page), WITHIN).toContain('restart');
      relay.mend();
      await seesSam(page);
      const frames = async () => (await state(page))?.quality?.framesDecoded ?? 0;
      const before = await frames();
      await expect.poll(frames, WITHIN).toBeGreaterThan(before);
    } finally {
      await relay.close();
    }
  });
});
