import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDecoder, getPacketInfo } from 'libopus-wasm';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../../media/edge/edge.ts';
import { linearTable } from '../../../media/edge/g711.ts';
import { G722Decoder } from '../../../media/edge/g722.ts';
import { frameOf, type EncodedSound } from '../../../media/sounds/encodedSound.ts';
import { SoundLibrary } from '../../../media/sounds/library.ts';
import { settings } from '../../support/media/edgeStage.ts';
import { tone, toneShare } from '../../support/media/goertzel.ts';
import { wav } from '../../support/media/sounds.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'couchline-sounds-'));
});
afterAll(() => rm(folder, { recursive: true }));

function library(mostMinutes?: number): SoundLibrary {
  const made = new SoundLibrary(mostMinutes);
  onTestFinished(() => made.close());
  return made;
}

async function fileOf(name: string, samples: Int16Array, rate = 8_000): Promise<{ file: string }> {
  const file = join(folder, name);
  await writeFile(file, wav(samples, rate));
  return { file };
}

const BEEP = { tone: { frequencies: [440], onMs: 100, offMs: 0 } };

async function opusSamples(sound: EncodedSound): Promise<Int16Array> {
  const decoder = await createDecoder({ channels: 1, sampleRate: 16_000 });
  onTestFinished(() => decoder.free());
  const frames = Array.from({ length: sound.frames }, (_, at) => decoder.decode(frameOf(sound, 'opus', at)));
  return Int16Array.from(frames.flatMap((frame) => [...frame]));
}

describe('sounds that are kept', () => {
  it('are in every codec, in whole frames of 20 ms', async () => {
    const sounds = library();
    await sounds.load({ a: await fileOf('a.wav', tone(440, 1.005)) });
    const sound = sounds.sounds.get('a')!;
    expect(sound.frames).toBe(51);
    for (const law of ['PCMU', 'PCMA'] as const) {
      expect(sound.codecs[law].octets).toHaveLength(51 * 160);
      const samples = Int16Array.from(sound.codecs[law].octets, (octet) => linearTable(law)[octet]!);
      expect(toneShare(samples.subarray(0, 8_000), 440)).toBeGreaterThan(0.95);
    }
    expect(sound.codecs.G722.octets).toHaveLength(51 * 160);
    const wide = new Int16Array(2 * 51 * 160);
    new G722Decoder().decode(sound.codecs.G722.octets, 0, 51 * 160, wide);
    expect(toneShare(wide.subarray(1_600, 16_000), 440, 16_000)).toBeGreaterThan(0.9);
    const opus = await opusSamples(sound);
    expect(opus).toHaveLength(51 * 320);
    expect(toneShare(opus.subarray(1_600, 16_000), 440, 16_000)).toBeGreaterThan(0.9);
    expect(await getPacketInfo(frameOf(sound, 'opus', 7))).toMatchObject({ durationMs: 20, frames: 1 });
  });

  it('keep in opus and G.722 what is above the voice of a telephone', async () => {
    const sounds = library();
    await sounds.load({ high: await fileOf('high.wav', tone(6_000, 1, 16_000), 16_000) });
    const opus = await opusSamples(sounds.sounds.get('high')!);
    expect(toneShare(opus.subarray(1_600), 6_000, 16_000)).toBeGreaterThan(0.9);
  });

  it('lie in memory that the threads share', async () => {
    const sounds = library();
    await sounds.load({ beep: BEEP });
    for (const { octets, ends } of Object.values(sounds.sounds.get('beep')!.codecs))
      expect([octets.buffer, ends.buffer].every((memory) => memory instanceof SharedArrayBuffer)).toBe(true);
  });

  it('are all those that were named, or none of them', async () => {
    const sounds = library();
    await sounds.load({ kept: BEEP });
    const nowhere = join(folder, 'nowhere.wav');
    await expect(sounds.load({ one: BEEP, two: { file: nowhere } })).rejects.toThrow(
      `${nowhere} cannot be played. ENOENT`,
    );
    expect([...sounds.sounds.keys()]).toEqual(['kept']);
  });

  it('are encoded elsewhere: telephones and the service go on meanwhile', async () => {
    const edge = new MediaEdge(settings());
    onTestFinished(() => edge.close());
    await edge.count();
    const order: string[] = [];
    const loading = library()
      .load({ long: await fileOf('long.wav', tone(440, 60)) })
      .then(() => order.push('loaded'));
    await edge.count();
    order.push('the edge answered');
    await loading;
    expect(order).toEqual(['the edge answered', 'loaded']);
  });

  it('are no more when the library closes', async () => {
    const sounds = library();
    const loading = sounds.load({ beep: BEEP }).catch((error: Error) => error.message);
    const later = sounds.load({ later: BEEP }).catch((error: Error) => error.message);
    await sounds.close();
    expect(await loading).toMatch(/their thread ended|is stopping/);
    expect(await later).toContain('is stopping');
  });
});

describe('a sound is refused, and says why', () => {
  const refused = async (from: { file: string }) =>
    await library()
      .load({ sound: from })
      .then(
        () => 'taken',
        (error: Error) => error.message.replace(`${from.file} cannot be played. `, ''),
      );

  it('that is longer than ten minutes', async () => {
    const file = await fileOf('longer.wav', new Int16Array(8_000 * 601));
    expect(await refused(file)).toBe('This file is longer than 10 minutes. Cut it into several.');
  });

  it('that is larger than 40 MB, and is not read', async () => {
    const file = await fileOf('larger.wav', tone(440, 1));
    await truncate(file.file, 41 * 1024 * 1024);
    expect(await refused(file)).toBe('This file is larger than 40 MB. Cut it into several.');
  });

  it('of another form', async () => {
    expect(await refused(await fileOf('cd.wav', tone(440, 1), 44_100))).toBe(
      'This file has 44100 samples a second. ' +
        'Announcements are WAV files with linear PCM of 16 bits at 8000 or 16000 Hz.',
    );
  });

  it('that is a folder, or has no end', async () => {
    expect(await refused({ file: folder })).toBe('This is no file.');
    expect(await refused({ file: '/dev/zero' })).toBe('This is no file.');
  });

  it('when all together are longer than what is kept; another in its place is not one more', async () => {
    const file = await fileOf('half.wav', tone(440, 4));
    const sounds = library(0.1);
    await sounds.load({ music: file });
    await sounds.load({ music: file });
    await expect(sounds.load({ more: file })).rejects.toThrow('At most 0.1 minutes of sound are kept.');
    expect([...sounds.sounds.keys()]).toEqual(['music']);
  });

  it('when there are too many', async () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`sound ${at}`, BEEP]));
    await expect(library().load(many)).rejects.toThrow('At most 500 sounds are kept.');
  });
});
