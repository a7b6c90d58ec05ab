/**
 * screen-pop: from a press on the TV until the offer is painted in the agent's browser, against a
 * static page that a bare WebSocket feeds the same event. Both pages run in the same Chromium,
 * headless, look for the card in the same way, and draw nothing else meanwhile: they tell of the paint,
 * as a page that is asked again and again is kept drawing, and what is new waits for its next frame.
 */
import type { Page } from 'playwright-core';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import { createRegistration } from '../../src/registration/registration.ts';
import { launchBrowser } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { stalledRequest } from '../support/wire.ts';
import { buildWeb } from '../../web/build.ts';
import { inTurns, type Benchmark } from './benchmark.ts';
import { Client, nextId, openTv } from './load/client.ts';
import { press, pressFrame } from './load/talks.ts';
import { percentile } from './statistics.ts';

const PRESSES = 40;
/** The desktop's card is on the page before it is filled. */
const CARD = '.offer:not([data-empty])';

interface Watched {
  painted: PromiseWithResolvers<number>;
  gone: PromiseWithResolvers<void>;
}

/** Notes, in the page, when the card is painted, and when it is gone. */
async function watch(page: Page): Promise<void> {
  await page.evaluate((card) => {
    const watched: Watched = { painted: Promise.withResolvers(), gone: Promise.withResolvers() };
    Object.assign(window, { watched });
    let isThere = false;
    new MutationObserver(() => {
      const was = isThere;
      isThere = document.querySelector(card) !== null;
      if (was && !isThere) watched.gone.resolve();
      if (was || !isThere) return;
      requestAnimationFrame(() => {
        // The first task after the frame that paints the card, whatever else waits.
        const note = () => watched.painted.resolve(performance.timeOrigin + performance.now());
        void scheduler.postTask(note, { priority: 'user-blocking' });
      });
    }).observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['data-empty'],
    });
  }, CARD);
}

declare const scheduler: { postTask(task: () => void, options: { priority: 'user-blocking' }): Promise<void> };
declare const watched: Watched;

async function pops(page: Page, show: () => Promise<unknown>, hide: () => Promise<unknown>): Promise<number[]> {
  await watch(page);
  const times: number[] = [];
  for (let n = 1; n <= PRESSES; n += 1) {
    const painted = page.evaluate(async () => {
      watched.painted = Promise.withResolvers();
      watched.gone = Promise.withResolvers();
      return await watched.painted.promise;
    });
    // Longer than what the question itself has the page do, and not in step with the screen's frames.
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 30));
    const began = performance.timeOrigin + performance.now();
    await show();
    times.push((await painted) - began);
    const gone = page.evaluate(async () => await watched.gone.promise);
    await hide();
    await gone;
  }
  return times;
}

export const screenPop: Benchmark = {
  name: 'screen-pop',
  async measure(ground) {
    await buildWeb(() => {});
    const stage = await ground.stage();
    const service = await stage.service();
    const forwarder = await ground.forwarder();
    const { id, tvs } = await stage.centre(0, 20);
    const store = createRegistrationStore(stage.database);
    const registration = createRegistration({ store, clock: () => Date.now(), publicUrl: service.httpUrl });
    const sam = { email: 'sam@bench.example', password: 'a long enough password' };
    await registration.addAgent(id, {
      ...sam,
      name: 'Sam Okafor',
      roles: ['agent'],
      skills: [],
      customersLookedAfter: [],
      capacity: 1,
    });
    const browser = await launchBrowser();
    const desk = await Desk.signIn(browser, service.httpUrl, sam);
    const clients = await Promise.all(tvs.map((tv) => openTv(service, tv)));
    let turn = 0;
    let interactionId = '';
    const ours = () => {
      let tv = clients[0]!;
      return pops(
        desk.page,
        async () => {
          tv = clients[turn++ % clients.length]!;
          interactionId = await press(tv);
        },
        async () =>
          tv.send(JSON.stringify({ v: 1, id: nextId(), type: 'viewer', interactionId, command: { type: 'leave' } })),
      );
    };

    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await page.goto(forwarder.httpUrl);
    await page.waitForFunction(() => document.title === 'ready');
    const feed = await Client.open(`${forwarder.url}/?pair=page`);
    const event = { request: stalledRequest, tv: { model: 'X40' } };
    const frame = JSON.stringify({ event, like: pressFrame('b1') });
    const peer = () =>
      pops(
        page,
        async () => feed.send(frame),
        async () => feed.send('{"event":null}'),
      );

    await ours();
    await peer();
    const { p50, p99 } = await inTurns(ours, peer, {
      p50: (ours, peer) => ({ ours: percentile(ours, 50), peer: percentile(peer, 50) }),
      // The second target is a time and no ratio.
      p99: (ours) => ({ ours: percentile(ours, 99), peer: 200 }),
    });
    await Promise.all([feed, ...clients].map((client) => client.close()));
    await browser.close();
    await Promise.all([service.stop(), forwarder.stop()]);
    await stage.close();
    return [
      {
        name: 'screen-pop',
        what: 'p50 from the press until the offer is painted on the desktop ÷ until a static page fed by bare ws has painted it',
        unit: 'ms',
        rounds: p50,
        target: { atMost: 1.25 },
        notes: [],
      },
      {
        name: 'screen-pop p99',
        what: 'p99 of the same ÷ 200 ms',
        unit: 'ms',
        rounds: p99,
        target: { atMost: 1 },
        notes: [],
      },
    ];
  },
};
