/** Browsers' pages in a room: each plays a tone of its own and shows a picture, and tells what it hears and sees. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Leg } from '../../../media/leg.ts';
import { createRoom, type Part, type Room, type RoomOptions } from '../../../media/room.ts';
import { ROUTER_CODECS } from '../../../media/sdp/codecs.ts';
import { createWebRtcLeg, type WebRtcLegOptions } from '../../../media/webRtcLeg.ts';
import { createWorkerPool, type WorkerPool } from '../../../media/workers/workerPool.ts';
import { findWorker } from '../../../media/worker/findWorker.ts';
import { launchBrowser } from '../browser.ts';
import { startPeer, type PeerGives } from './roomPage.ts';

/** A page, and its leg. */
export interface Caller {
  leg: Leg;
  page: Page;
  /** How many offers were made to it. */
  offers: number;
  /** Resolves when no offer is under way. */
  settled(): Promise<void>;
  /** Resolves when the tone of so many hertz comes out of one of its sections. */
  hears(hertz: number): Promise<void>;
  /** Resolves when none of its sections has had that tone for a second. */
  hearsNoMore(hertz: number): Promise<void>;
  /** Resolves when five more frames of somebody's picture were decoded. */
  sees(legId: string): Promise<void>;
}

type Joining = Partial<WebRtcLegOptions> & Part & Omit<PeerGives, 'hertz'>;

export interface RoomStage {
  pool: WorkerPool;
  openRoom(openSource?: RoomOptions['openSource']): Promise<Room>;
  /** Opens a page, makes its leg on the room's placement, and lets it join. */
  join(room: Room, id: string, hertz: number, options?: Joining): Promise<Caller>;
  /** Opens a page that is in no room yet. */
  openPage(gives: PeerGives): Promise<Page>;
  close(): Promise<void>;
}

/** Starts workers of their own for one file of tests. */
export async function startPool(workers: number): Promise<WorkerPool> {
  const found = await findWorker();
  if ('missing' in found) throw new Error(found.missing);
  return await createWorkerPool({ workerBin: found.path, workers, firstPort: null });
}

/** What rooms of a test are made of. */
export function roomOn(pool: WorkerPool, openSource?: RoomOptions['openSource']): Promise<Room> {
  return createRoom({ place: () => pool.createRouter(structuredClone([...ROUTER_CODECS])), openSource });
}

export async function startRoomStage(): Promise<RoomStage> {
  const [pool, browser] = await Promise.all([startPool(2), launchBrowser()]);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>room</title><body></body>');
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const contexts: BrowserContext[] = [];

  const openPage = async (gives: PeerGives): Promise<Page> => {
    const page = await newPage(browser, contexts);
    page.setDefaultTimeout(60_000);
    await page.goto(url);
    await page.evaluate(startPeer, gives);
    return page;
  };
  return {
    pool,
    openPage,
    openRoom: (openSource) => roomOn(pool, openSource),
    async join(room, id, hertz, { listensOnly, whispersTo, width, formats, bitrates, ...options } = {}) {
      const page = await openPage({ hertz, width, formats, bitrates });
      const leg = await createWebRtcLeg({ id, placement: room.placement, ...options });
      const caller = follow(room, leg, page);
      await room.join(leg, { listensOnly, whispersTo });
      await caller.offer();
      return caller;
    },
    async close() {
      await browser.close();
      await pool.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function newPage(browser: Browser, contexts: BrowserContext[]): Promise<Page> {
  const context = await browser.newContext();
  contexts.push(context);
  return await context.newPage();
}

/** Brings a leg's offers to its page, and the answers back, one at a time. */
function follow(room: Room, leg: Leg, page: Page): Caller & { offer(): Promise<void> } {
  let last: Promise<void> = Promise.resolve();
  const offer = () => {
    last = last.then(async () => {
      if (leg.closed) return;
      caller.offers++;
      const answer = await page.evaluate((sdp) => window.peer.take(sdp), await leg.offer());
      await leg.answer(answer);
    });
    // A test that ends closes its legs and pages in the middle of things.
    last = last.catch((error: unknown) => {
      if (!leg.closed && !room.closed && !page.isClosed()) throw error;
    });
    return last;
  };
  leg.on('offerNeeded', () => void offer());
  const caller = {
    leg,
    page,
    offers: 0,
    offer,
    settled: () => last,
    async hears(hertz: number) {
      await page.waitForFunction((tone) => window.peer.tones().some((one) => Math.abs(one - tone) < 15), hertz);
    },
    async hearsNoMore(hertz: number) {
      await page.waitForFunction(async (tone) => {
        for (let look = 0; look < 10; look++) {
          if (window.peer.tones().some((one) => Math.abs(one - tone) < 15)) return false;
          await new Promise((later) => setTimeout(later, 100));
        }
        return true;
      }, hertz);
    },
    async sees(legId: string) {
      const before = await page.evaluate((id) => window.peer.frames(id), legId);
      await page.waitForFunction(([id, least]) => window.peer.frames(id) >= least, [legId, before + 5] as const);
    },
  };
  leg.on('layout', (sections) => {
    void page.evaluate((layout) => window.peer.show(layout), [...sections]).catch(() => undefined);
  });
  return caller;
}
