/** A real Firefox in a room, beside Chromium: seen, heard, and carried through what happens to a room. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import { createRtpLeg } from '../../media/rtpLeg.ts';
import { createWebRtcLeg } from '../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { launchBrowser } from '../support/browser.ts';
import { joinCall, participants, recordingOf } from '../support/callGuest.ts';
import { openCallServer, type CallServer } from '../support/callServer.ts';
import { hasFirefox, launchFirefox, type Asked, type Firefox } from '../support/firefox.ts';
import { settings } from '../support/media/edgeStage.ts';
import { windowsWith } from '../support/media/goertzel.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';
import { Telephone } from '../support/media/telephone.ts';
import { writeTone } from '../support/tone.ts';

const HERTZ = { alice: 1000, bob: 700, telephone: 440 };
const ROOM = 'harbour';
const WITHIN = { timeout: 40_000, interval: 200 };

const present = await hasFirefox();
if (!present) console.log('Tests in Firefox are skipped. Install it (on Debian: apt-get install firefox-esr).');

describe.skipIf(!present)('Firefox and Chromium in a room', () => {
  let pool: WorkerPool;
  let edge: MediaEdge;
  let server: CallServer;
  let tone: Awaited<ReturnType<typeof writeTone>>;
  let chromium: Browser;
  let firefox: Firefox;

  beforeAll(async () => {
    pool = await startPool(2);
    edge = new MediaEdge(settings());
    server = await openCallServer(pool);
    tone = await writeTone(HERTZ.alice);
    chromium = await launchBrowser({ flags: [`--use-file-for-fake-audio-capture=${tone.path}`] });
    firefox = await launchFirefox(HERTZ.bob);
  });
  afterAll(async () => {
    await firefox.close();
    await chromium.close();
    await server.close();
    await edge.close();
    await pool.close();
    await tone.remove();
  });

  const meets = (page: Asked, ...who: string[]) =>
    expect.poll(async () => (await participants(page)).sort(), WITHIN).toEqual(who);
  const hears = (page: Asked, who: keyof typeof HERTZ) =>
    expect.poll(async () => windowsWith(await recordingOf(page, who), HERTZ[who], 48_000), WITHIN).toBeGreaterThan(1);

  it('[M21] see and hear each other, also with a telephone there, after a hold, and when the worker dies', async () => {
    const alice = await chromium.newPage();
    await alice.goto(`${server.url}?room=${ROOM}&name=alice`);
    await joinCall(alice, ['microphone', 'camera']);
    const bob = await firefox.open(`${server.url}?room=${ROOM}&name=bob`);
    for (const thing of ['microphone', 'camera']) await bob.press(`Turn ${thing} on`, `Turn ${thing} off`);
    await bob.press('Join');
    const together = async () => {
      await Promise.all([meets(alice, 'bob heard moving'), meets(bob, 'alice heard moving')]);
      await Promise.all([hears(alice, 'bob'), hears(bob, 'alice')]);
    };
    await together();

    const phone = await Telephone.open();
    onTestFinished(() => phone.close());
    const room = await server.room(ROOM);
    const leg = await createRtpLeg({ id: 'telephone', placement: room.placement, edge });
    await room.join(leg);
    phone.calls(await leg.accept(phone.sdp())).hums(HERTZ.telephone);
    for (const page of [bob, alice]) await hears(page, 'telephone');
    await hears(bob, 'alice');
    await hears(alice, 'bob');
    await meets(bob, 'alice heard moving', 'telephone heard none');
    leg.close();
    await together();

    // On hold it sends nothing; it comes back as who it was.
    const own = server.leg('bob')!;
    const held = () => bob.evaluate(() => window.trial.call!.state.held, null);
    const given = () => own.sources.map(({ producer }) => producer.id);
    const before = given();
    await own.hold();
    await expect.poll(held, WITHIN).toBe(true);
    await own.resume();
    await expect.poll(held, WITHIN).toBe(false);
    await together();
    expect(given()).toEqual(before);

    const dead = pool.load().find(({ workerId }) => workerId === room.placement.workerId)!;
    const died = new Promise((seen) => pool.once('died', seen));
    process.kill(dead.pid, 'SIGKILL');
    await died;
    await together();
  });

  it('[RFC 8853] Firefox sends three sizes of its picture, the largest in the last', async () => {
    const sizes = ['small', 'middle', 'large'];
    const room = await roomOn(pool);
    const leg = await createWebRtcLeg({ id: 'bob', placement: room.placement, simulcast: sizes });
    onTestFinished(() => {
      leg.close();
      room.close();
    });
    const page = await firefox.open(`${server.url}empty`);
    const answer = await page.evaluate(
      async (sdp) => {
        const connection = new RTCPeerConnection();
        // What nobody holds is collected, and sends no more.
        Object.assign(window, { connection });
        await connection.setRemoteDescription({ type: 'offer', sdp });
        const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
        const camera = connection.getTransceivers().find(({ receiver }) => receiver.track.kind === 'video')!;
        await camera.sender.replaceTrack(stream.getTracks()[0]!);
        camera.direction = 'sendrecv';
        await connection.setLocalDescription();
        return connection.localDescription!.sdp;
      },
      await leg.offer(),
    );
    await leg.answer(answer);
    const bitrates = async () => {
      const { producer } = leg.sources.find(({ kind }) => kind === 'video')!;
      const stats = await producer.getStats();
      return sizes.map((size) => stats.find(({ rid }) => rid === size)?.bitrate ?? 0);
    };
    await expect
      .poll(bitrates, { ...WITHIN, timeout: 90_000 })
      .toSatisfy(([small, middle, large]: number[]) => small! > 0 && middle! > small! && large! > middle!);
  });
});
