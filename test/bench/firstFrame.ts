/**
 * first-frame: from a page's wish to join until the first frame of somebody who is there already is shown,
 * through a room, a leg and web/call, against a page on bare mediasoup that takes the same producers from
 * the same worker. Pages are empty, in the same Chromium, loaded before the clock starts, and open their
 * WebSocket after. Ours is a participant, who could speak and be seen at once, and so is the one it is measured
 * by; a second row says how it stands to one that only watches, which Chromium connects some 40 ms sooner.
 */
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { openCallServer, type CallServer } from '../support/callServer.ts';
import { buildCallScript } from '../support/callPage.ts';
import { startPool } from '../support/media/roomStage.ts';
import type * as Lazy from '../web/call/fixtures/lazy.ts';
import type { PageWord, ServerWord } from '../web/call/fixtures/roomLink.ts';
import { inTurns, type Benchmark } from './benchmark.ts';
import { openRawServer } from './peers/rawPage.ts';
import { median, type Round } from './statistics.ts';

const JOINS = 9;
/** Joins until code is compiled. */
const FIRST_JOINS = 3;
const ROOM = 'first-frame';
const WITHIN_MS = 20_000;

declare global {
  interface Window {
    CouchlineCall: typeof Lazy;
    /** Made when the page was loaded, as an app makes them. */
    devices: Lazy.Devices;
  }
}

/** In a page that has loaded web/call: joins a room, and tells when the first frame of somebody was shown. */
function joinOurs({ url, room }: { url: string; room: string }): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const { createCall, playStream } = window.CouchlineCall;
    const { devices } = window;
    const socket = new WebSocket(url);
    const open = new Promise((opened) => (socket.onopen = opened));
    const say = (word: PageWord) => socket.send(JSON.stringify(word));
    const call = createCall({
      devices,
      signalling: {
        requestOffer: (reason) => open.then(() => say({ type: 'request', room, name: 'alice', reason })),
      },
    });
    socket.onclose = ({ reason }) => reject(new Error(reason));
    socket.onmessage = ({ data }) => {
      const word = JSON.parse(String(data)) as ServerWord;
      if (word.type === 'layout') call.receiveLayout(word.sections);
      else call.receiveOffer(word.sdp).then((sdp) => say({ type: 'answer', id: word.id, sdp }), reject);
    };
    const silence = call.subscribe(({ participants: [sam] }) => {
      if (sam === undefined || sam.picture === 'none') return;
      silence();
      const video = document.createElement('video');
      document.body.append(video);
      playStream(video, sam.stream, devices.speaker, () => reject(new Error('The browser wants a touch first.')));
      video.requestVideoFrameCallback(() => resolve(performance.now() - began));
    });
    call.join();
  });
}

/** In an empty page: what a page on bare mediasoup does, and no more. */
function joinRaw({ url, takesPart }: { url: string; takesPart: boolean }): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const socket = new WebSocket(takesPart ? `${url}part` : url);
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    connection.ontrack = ({ track, streams: [stream] }) => {
      if (track.kind !== 'video') return;
      const video = document.createElement('video');
      video.autoplay = video.playsInline = true;
      video.srcObject = stream ?? new MediaStream([track]);
      document.body.append(video);
      video.requestVideoFrameCallback(() => resolve(performance.now() - began));
    };
    socket.onclose = ({ reason }) => reject(new Error(reason));
    socket.onmessage = ({ data }) => {
      const taken = async () => {
        await connection.setRemoteDescription({ type: 'offer', sdp: String(data) });
        if (takesPart) for (const each of connection.getTransceivers()) each.direction = 'sendrecv';
        await connection.setLocalDescription(await connection.createAnswer());
        socket.send(connection.localDescription?.sdp ?? '');
      };
      taken().catch(reject);
    };
  });
}

/** One join of a page of its own. Milliseconds. */
async function once(context: BrowserContext, url: string, join: (page: Page) => Promise<number>): Promise<number> {
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  await page.goto(url);
  await page.evaluate(async () => {
    window.devices = window.CouchlineCall.createDevices();
    await window.devices.ready;
  });
  const took = await join(page);
  await page.close();
  return took;
}

/** Sam, who is in the room and seen. */
async function publish(context: BrowserContext, server: CallServer): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${server.url}?room=${ROOM}&name=sam`);
  for (const thing of ['microphone', 'camera']) {
    await page.getByRole('button', { name: `Turn ${thing} on` }).click();
    await page.getByRole('button', { name: `Turn ${thing} off` }).waitFor();
  }
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByText('Connected', { exact: true }).waitFor();
}

export const firstFrame: Benchmark = {
  name: 'first-frame',
  async measure() {
    const pool = await startPool(1);
    const server = await openCallServer(pool);
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext();
      await publish(context, server);
      const { placement } = await server.room(ROOM);
      const producers = (server.leg('sam')?.sources ?? []).map(({ producer }) => producer.id);
      const raw = await openRawServer(placement, producers);
      const script = await buildCallScript();
      await context.addInitScript({ content: `${script};window.CouchlineCall = CouchlineCall` });
      const empty = `${server.url}empty`;
      const url = `${server.url.replace('http', 'ws')}room`;
      // Join by join in turns: a load that comes and goes falls on both.
      const all = async (joins: number): Promise<{ part: Round; watch: Round }> => {
        const ours: number[] = [];
        const part: number[] = [];
        const watch: number[] = [];
        for (let n = 0; n < joins; n += 1) {
          ours.push(await once(context, empty, (page) => page.evaluate(joinOurs, { url, room: ROOM })));
          for (const peer of [part, watch]) {
            const takesPart = peer === part;
            peer.push(await once(context, empty, (page) => page.evaluate(joinRaw, { url: raw.url, takesPart })));
          }
        }
        return {
          part: { ours: median(ours), peer: median(part) },
          watch: { ours: median(ours), peer: median(watch) },
        };
      };
      await all(FIRST_JOINS);
      const { part, watch } = await inTurns(
        () => all(JOINS),
        async () => {},
        { part: (round) => round.part, watch: (round) => round.watch },
      );
      await raw.close();
      const what = 'join → first frame shown, through room, leg and web/call ÷ a page on bare mediasoup';
      const unit = 'ms, the median of nine joins';
      return [
        {
          name: 'first-frame',
          what: `${what} that could speak and be seen at once, as ours`,
          unit,
          rounds: part,
          target: { atMost: 1.15 },
          notes: [],
        },
        {
          name: 'first-frame watching',
          what: `${what} that only watches`,
          unit,
          rounds: watch,
          target: 'none',
          notes: [],
        },
      ];
    } finally {
      await browser.close();
      await server.close();
      await pool.close();
    }
  },
};
