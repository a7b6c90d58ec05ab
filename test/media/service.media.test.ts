/** The media layer as the service runs it, with real workers and a real edge. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { appendFile, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openEcho } from '../../media/echo.ts';
import type { MediaMeter } from '../../media/meter.ts';
import { MediaService, type MediaServiceOptions } from '../../media/service.ts';
import { machineAddresses } from '../../media/workers/listen.ts';
import { echoRoomsContract } from '../contract/echoRooms.ts';
import { paperAnswer } from '../support/media/paperBrowser.ts';
import { Telephone } from '../support/media/telephone.ts';

interface Staged {
  media: MediaService;
  meter: { [Told in keyof MediaMeter]: ReturnType<typeof vi.fn<MediaMeter[Told]>> };
  /** Sentences of the log. */
  said: string[];
}

/** Not started yet. */
function service(options: Partial<MediaServiceOptions> = {}): Staged {
  const meter = {
    quality: vi.fn(),
    legTrouble: vi.fn(),
    workerDied: vi.fn(),
    workerNotStarted: vi.fn(),
    edgeDied: vi.fn(),
  };
  const said: string[] = [];
  const say = (_fields: object, sentence: string) => void said.push(sentence);
  const media = new MediaService({
    ...{ workerBin: null, workers: 1, firstPort: null, announcedAddress: null, turn: null },
    ...{ meter, log: { warn: say, info: say } },
    ...options,
  });
  return { media, meter, said };
}

/** Closed with the test. */
function stage(options: Partial<MediaServiceOptions> = {}): Staged {
  const staged = service(options);
  onTestFinished(() => staged.media.close());
  return staged;
}

async function started(options: Partial<MediaServiceOptions> = {}): Promise<Staged> {
  const staged = stage(options);
  await staged.media.start();
  expect(staged.media.missing).toBeNull();
  return staged;
}

describe('what there is', () => {
  test('nothing before the start and nothing after the end, each with its sentence', async () => {
    const { media } = stage();
    expect(media.missing).toContain('are starting');
    await expect(media.openRoom()).rejects.toThrow('are starting');
    await media.start();
    expect(media.missing).toBeNull();
    await media.close();
    await media.close();
    expect(media.missing).toContain('is stopping');
    expect(media.figures()).toMatchObject({ rooms: 0, legs: { webrtc: 0, rtp: 0 } });
  });

  test('rooms and legs count from opening to closing; closing the service takes them all', async () => {
    const { media } = await started();
    const rooms = await Promise.all([media.openRoom(), media.openRoom()]);
    const leg = await media.openBrowserLeg({ id: 'alice', placement: rooms[0].placement });
    await rooms[0].join(leg);
    expect(media.figures()).toMatchObject({ workersWanted: 1, rooms: 2, legs: { webrtc: 1, rtp: 0 } });
    expect(media.figures().workers).toMatchObject([{ slot: 0, routers: 2, transports: 1 }]);
    rooms[1].close();
    expect(media.figures().rooms).toBe(1);
    await media.close();
    expect(leg.closed && rooms[0].closed).toBe(true);
  });

  test('no workers wanted: no process, and what says so', async () => {
    const { media, said } = stage({ workers: 0 });
    await media.start();
    expect(media.missing).toBe('There is no sound and no picture: MEDIA_WORKERS is 0.');
    await expect(media.openRoom()).rejects.toThrow('MEDIA_WORKERS is 0');
    expect(await openEcho(media, 0)).toEqual({ missing: media.missing });
    expect(said).toEqual([]);
  });

  test('a TURN server’s addresses are told, its secret is not; each leg gets its own time-limited name', async () => {
    const { media } = stage({
      turn: { urls: ['turn:turn.example:3478'], secret: 'north' },
      announcedAddress: '192.0.2.1',
    });
    expect(media.turnUrls).toEqual(['turn:turn.example:3478']);
    expect(media.addresses).toEqual(['192.0.2.1']);
    expect(media.turnFor('leg-1', 60_000)).toMatchObject([{ username: '60:leg-1' }]);
    expect(stage().media.turnFor('leg-1', 60_000)).toEqual([]);
  });
});

describe('where there can be none for now', () => {
  test('[B8] another program has the port: a sentence, nothing is offered, and it comes up when the port is free', async () => {
    const squatter = createSocket('udp4').bind(0, machineAddresses()[0]);
    await once(squatter, 'listening');
    const { port } = squatter.address();
    const { media, meter, said } = stage({ firstPort: port });
    await media.start();
    const sentence =
      `There is no sound and no picture. The media worker cannot listen on port ${port}: another program has it. ` +
      `Stop that one, or choose another with MEDIA_PORT; each worker takes one more, by UDP and TCP.`;
    expect(media.missing).toBe(sentence);
    await expect(media.openRoom()).rejects.toThrow(sentence);
    // Said once, however often it is tried.
    await vi.waitFor(() => expect(meter.workerNotStarted.mock.calls.length).toBeGreaterThan(1), { timeout: 20_000 });
    expect(said).toEqual([sentence]);
    squatter.close();
    await vi.waitFor(() => expect(media.missing).toBeNull(), { timeout: 20_000 });
    expect(said).toEqual([sentence, 'The media workers run now: there is sound and picture.']);
  });

  test('a worker that dies at once is started later and later, and does not keep the service from ending', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'couchline-dying-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const starts = join(folder, 'starts');
    await appendFile(starts, '');
    const workerBin = join(folder, 'worker');
    // Looked at without an environment it says that it runs; started for good it dies.
    await writeFile(workerBin, `#!/bin/sh\n[ -z "$MEDIASOUP_VERSION" ] && exit 41\ndate +%s%N >> ${starts}\nexit 1\n`);
    await chmod(workerBin, 0o755);
    const { media, meter, said } = stage({ workerBin });
    await media.start();
    expect(media.missing).toMatch(/^There is no sound and no picture\. The media worker \S+ does not start/);
    await vi.waitFor(() => expect(meter.workerNotStarted).toHaveBeenCalledTimes(4), { timeout: 20_000 });
    const at = (await readFile(starts, 'utf8'))
      .trim()
      .split('\n')
      .map((nanoseconds) => Number(nanoseconds) / 1e6);
    const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(waits).toHaveLength(3);
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThan(0.9 * 250 * 2 ** index);
    // Each has another process number in its sentence; the trouble is one.
    expect(said).toHaveLength(1);
  });

  test('a worker that is killed is replaced, counted and told, and no room is offered in between', async () => {
    const { media, meter, said } = await started();
    process.kill(media.figures().workers[0]?.pid ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(meter.workerDied).toHaveBeenCalledOnce(), { timeout: 20_000 });
    await vi.waitFor(() => expect(media.missing).toBeNull(), { timeout: 20_000 });
    await vi.waitFor(() => expect(said.join(' ')).toMatch(/A media worker died .* A media worker runs in place/), {
      timeout: 20_000,
    });
  });
});

describe('telephones', () => {
  test('[M15] the edge is there from the first one on; strangers’ packets are counted, and silence is told once', async () => {
    const { media, meter } = await started();
    expect(await media.edgeCounts()).toBeNull();
    const room = await media.openRoom();
    const alice = await Telephone.open('PCMU', machineAddresses()[0]);
    const stranger = await Telephone.open('PCMU', machineAddresses()[0]);
    onTestFinished(async () => void (await Promise.all([alice.close(), stranger.close()])));
    const leg = await media.openTelephoneLeg({ id: 'alice', placement: room.placement, qualityEveryMs: 100 });
    await room.join(leg);
    const answer = await leg.accept(alice.sdp());
    // Once alice was heard, the kernel lets nobody else in, and nobody counts them.
    stranger.calls(answer).hums(700);
    await vi.waitFor(async () => expect((await media.edgeCounts())?.strangers).toBeGreaterThan(10), {
      timeout: 20_000,
    });
    alice.calls(answer).hums(440);
    await vi.waitFor(async () => expect((await media.edgeCounts())?.forwarded).toBeGreaterThan(10), {
      timeout: 20_000,
    });
    expect(media.figures().legs).toEqual({ webrtc: 0, rtp: 1 });
    expect(
      meter.quality.mock.calls.some(([kind, { received }]) => kind === 'rtp' && (received.audio?.packets ?? 0) > 0),
    ).toBe(true);
    // Before she spoke she was silent, too.
    await vi.waitFor(() => expect(meter.quality.mock.lastCall?.[1].silent).toBe(false), { timeout: 20_000 });
    meter.legTrouble.mockClear();
    alice.quiet();
    await vi.waitFor(() => expect(meter.legTrouble).toHaveBeenCalledWith('rtp', 'silent'), { timeout: 20_000 });
    const measured = meter.quality.mock.calls.length;
    await vi.waitFor(() => expect(meter.quality.mock.calls.length).toBeGreaterThan(measured + 2), { timeout: 20_000 });
    expect(meter.legTrouble).toHaveBeenCalledOnce();
    // What was counted is not forgotten with the leg.
    leg.close();
    await vi.waitFor(async () => expect((await media.edgeCounts())?.strangers).toBeGreaterThan(10), {
      timeout: 20_000,
    });
  });
});

describe('a room of one', () => {
  let media: MediaService;
  beforeAll(async () => {
    media = service().media;
    await media.start();
  });
  afterAll(() => media.close());
  echoRoomsContract(() => ({ open: (until) => openEcho(media, until) }), paperAnswer);

  test('leaves nothing behind, in whatever order it ends', async () => {
    const { media: own } = await started();
    for (const end of ['echo', 'service'] as const) {
      const opened = await openEcho(own, Date.now() + 1_000);
      if ('missing' in opened) throw new Error(opened.missing);
      await opened.echo.offer(false);
      if (end === 'echo') {
        opened.echo.close();
        await vi.waitFor(() => expect(own.figures().workers).toMatchObject([{ routers: 0, transports: 0 }]));
        expect(own.figures().legs.webrtc).toBe(0);
      } else {
        await own.close();
        expect(opened.echo.over).toBe(true);
      }
    }
  });

  test('is over when its worker dies', async () => {
    const { media: own } = await started();
    const opened = await openEcho(own, Date.now() + 1_000);
    if ('missing' in opened) throw new Error(opened.missing);
    process.kill(own.figures().workers[0]?.pid ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(opened.echo.over).toBe(true), { timeout: 20_000 });
  });
});
