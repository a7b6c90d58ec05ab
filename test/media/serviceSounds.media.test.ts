/** Sounds as the service keeps them: loaded once, played by rooms and to telephones, whatever dies. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Room } from '../../media/room.ts';
import { MediaService } from '../../media/service.ts';
import { machineAddresses } from '../../media/workers/listen.ts';
import { tone } from '../support/media/goertzel.ts';
import { wav } from '../support/media/sounds.ts';
import { Telephone } from '../support/media/telephone.ts';

const MUSIC = 1_300;
const WORDS = 2_100;

let media: MediaService;
let said: string[];
beforeEach(async () => {
  said = [];
  const say = (_fields: object, sentence: string) => void said.push(sentence);
  const nothing = () => undefined;
  media = new MediaService({
    ...{ workerBin: null, workers: 1, firstPort: null, announcedAddress: null, turn: null },
    log: { warn: say, info: say },
    meter: {
      ...{ quality: nothing, legTrouble: nothing, workerDied: nothing },
      ...{ workerNotStarted: nothing, edgeDied: nothing },
    },
  });
  await media.start();
  expect(media.missing).toBeNull();
});
afterEach(() => media.close());

async function loadMusic(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'couchline-sounds-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'music.wav');
  await writeFile(file, wav(tone(MUSIC, 1), 8_000));
  await media.loadSounds({ music: { file }, words: { tone: { frequencies: [WORDS], onMs: 300, offMs: 0 } } });
}

async function calls(room: Room, id: string) {
  const telephone = await Telephone.open('PCMU', machineAddresses()[0]);
  onTestFinished(() => telephone.close());
  const leg = await media.openTelephoneLeg({ id, placement: room.placement });
  await room.join(leg);
  telephone.calls(await leg.accept(telephone.sdp()));
  return { leg, telephone };
}

describe('sounds of the service', () => {
  it('are played to a telephone, whether they were loaded before the first one or later', async () => {
    const room = await media.openRoom();
    const alice = await calls(room, 'alice');
    await expect(alice.leg.play(['words'])).rejects.toThrow('Not all of these sounds were loaded: words.');
    await loadMusic();
    expect(await alice.leg.play(['words'])).toBe(true);
    const playing = alice.leg.play(['music'], { loop: true });
    await alice.telephone.hears([MUSIC]);
    await alice.leg.stopPlaying();
    expect(await playing).toBe(false);
  });

  it('are played by rooms, which needs no telephone', async () => {
    await loadMusic();
    const room = await media.openRoom();
    expect(await media.edgeCounts()).toBeNull();
    expect(await room.play(['words'])).toBe(true);
    const alice = await calls(room, 'alice');
    await room.playOnHold(['music']);
    await alice.leg.hold();
    await alice.telephone.hears([MUSIC]);
  });

  it('are there again on the edge that is started after one whose thread died', async () => {
    await loadMusic();
    const room = await media.openRoom();
    const load = vi.spyOn(MediaEdge.prototype, 'load');
    onTestFinished(() => load.mockRestore());
    await calls(room, 'alice');
    const edge = load.mock.contexts[0] as MediaEdge;
    // What is no sound ends the thread that plays it.
    await edge.load('broken', { frames: 1, codecs: {} } as never);
    const died = once(edge, 'died');
    const broken = room.play(['broken']).catch((error: Error) => error.message);
    await died;
    expect(await broken).toBe('Not all of these sounds were loaded: broken.');
    const bob = await calls(room, 'bob');
    expect(await bob.leg.play(['words'])).toBe(true);
    await room.playOnHold(['music']);
    await bob.leg.hold();
    await bob.telephone.hears([MUSIC]);
    expect(said).toContain('The telephones’ media thread died; the next call or sound starts another.');
  });

  it('are refused with a sentence, and those that are there stay', async () => {
    await loadMusic();
    await expect(media.loadSounds({ music: { file: '/nowhere.wav' } })).rejects.toThrow(
      '/nowhere.wav cannot be played. ENOENT',
    );
    const room = await media.openRoom();
    expect(await room.play(['words'])).toBe(true);
  });

  it('that are to be music and were not loaded are told in the log', async () => {
    const room = await media.openRoom();
    await room.playOnHold(['nothing']);
    const alice = await calls(room, 'alice');
    await alice.leg.hold();
    await vi.waitFor(() => expect(said).toContain('Music on hold cannot be played.'), { timeout: 20_000 });
  });

  it('that are being encoded do not keep the service from ending', async () => {
    const tones = Array.from({ length: 100 }, (_, at) => [
      `tone ${at}`,
      { tone: { frequencies: [440], onMs: 60_000, offMs: 0 } },
    ]);
    const loading = media.loadSounds(Object.fromEntries(tones)).catch((error: Error) => error.message);
    await media.close();
    expect(await loading).toMatch(/were not encoded: their thread ended|is stopping/);
  });
});
