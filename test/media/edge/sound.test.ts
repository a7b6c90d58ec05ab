import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { linearTable, octetTable, SILENCE, toOtherLaw } from '../../../media/edge/g711.ts';
import { encodeG722, G722_SILENCE, G722Decoder, G722Encoder } from '../../../media/edge/g722.ts';
import { LevelMeter } from '../../../media/edge/levelMeter.ts';
import { Mix } from '../../../media/edge/mix.ts';
import { Pacer } from '../../../media/edge/pacer.ts';
import { tone, toneShare } from '../../support/media/goertzel.ts';

const LAWS = ['PCMU', 'PCMA'] as const;

const decode = (octets: ArrayLike<number>, law: 'PCMU' | 'PCMA') =>
  Int16Array.from(Array.from(octets), (octet) => linearTable(law)[octet] as number);
const encode = (samples: Int16Array, law: 'PCMU' | 'PCMA') =>
  Uint8Array.from(samples, (sample) => octetTable(law)[sample & 0xffff] as number);

describe('[ITU-T G.711]', () => {
  it.each(LAWS)('%s: what is decoded and encoded again is the same', (law) => {
    for (let octet = 0; octet < 256; octet += 1) {
      const again = octetTable(law)[(linearTable(law)[octet] as number) & 0xffff];
      // The negative zero of µ-law is the one octet that comes back as another.
      expect(again).toBe(law === 'PCMU' && octet === 0x7f ? 0xff : octet);
    }
  });

  it.each(LAWS)('%s: every sample is off by a sixteenth at most, and silence is silent', (law) => {
    for (let sample = -32_768; sample < 32_768; sample += 7) {
      const back = linearTable(law)[octetTable(law)[sample & 0xffff] as number] as number;
      expect(Math.abs(back - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
    }
    expect(Math.abs(linearTable(law)[SILENCE[law]] as number)).toBeLessThanOrEqual(8);
  });

  it('one law becomes the other, and stays as loud', () => {
    const octets = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    toOtherLaw(octets, 0, 256, 'PCMU');
    for (let octet = 0; octet < 256; octet += 1) {
      const [before, after] = [linearTable('PCMU')[octet] as number, linearTable('PCMA')[octets[octet] as number]];
      expect(Math.abs((after as number) - before)).toBeLessThanOrEqual(Math.max(16, Math.abs(before) / 16));
    }
  });
});

const ffmpeg = promisify(execFile);
const hasFfmpeg = await ffmpeg('ffmpeg', ['-version']).then(
  () => true,
  () => false,
);

describe('[ITU-T G.722]', () => {
  /** What is hard to encode: tones in both bands, noise, leaps of level. */
  function hard(): Int16Array {
    let noise = 1;
    return Int16Array.from({ length: 32_000 }, (_, at) => {
      noise = (noise * 1_103_515_245 + 12_345) & 0x7fff_ffff;
      const high = at % 8_000 < 4_000 ? 6_000 * Math.sin(at * 1.3) : 0;
      return 8_000 * Math.sin(at * 0.11) + high + (((noise >> 12) % 4_000) - 2_000) * (at > 16_000 ? 4 : 1);
    });
  }

  it.skipIf(!hasFfmpeg)("gives the octets and samples of ffmpeg's, all of them", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'couchline-g722-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = (name: string) => join(folder, name);
    const samples = hard();
    await writeFile(path('in.raw'), Buffer.from(samples.buffer));
    const raw = ['-f', 's16le', '-ar', '16000', '-ac', '1'];
    await ffmpeg('ffmpeg', ['-v', 'error', ...raw, '-i', path('in.raw'), '-c:a', 'g722', '-f', 'g722', path('x.g722')]);
    await ffmpeg('ffmpeg', ['-v', 'error', '-f', 'g722', '-i', path('x.g722'), ...raw, path('out.raw')]);
    const octets = encodeG722(samples);
    expect(Buffer.from(octets).equals(await readFile(path('x.g722')))).toBe(true);
    const decoded = new Int16Array(samples.length);
    expect(new G722Decoder().decode(octets, 0, octets.length, decoded)).toBe(samples.length);
    expect(Buffer.from(decoded.buffer).equals(await readFile(path('out.raw')))).toBe(true);
  });

  it('carries a tone that G.711 cannot, and goes on over packets', () => {
    const [encoder, decoder] = [new G722Encoder(), new G722Decoder()];
    const heard: number[] = [];
    const samples = tone(6_000, 1, 16_000);
    for (let at = 0; at < samples.length; at += 320) {
      const octets = new Uint8Array(160);
      encoder.encode(samples.subarray(at, at + 320), octets, 0);
      const decoded = new Int16Array(320);
      decoder.decode(octets, 0, 160, decoded);
      heard.push(...decoded);
    }
    expect(toneShare(heard.slice(1_600), 6_000, 16_000)).toBeGreaterThan(0.98);
  });

  it('is silent where it is said to be', () => {
    const decoded = new Int16Array(3_200);
    new G722Decoder().decode(new Uint8Array(1_600).fill(G722_SILENCE), 0, 1_600, decoded);
    expect(Math.max(...decoded.map(Math.abs))).toBeLessThan(256);
  });
});

describe('a level', () => {
  it('is as loud as the sound is', () => {
    const meter = new LevelMeter();
    expect(meter.read()).toBeNull();
    meter.take(encode(tone(1_000, 0.02, 8_000, 16_384), 'PCMU'), 0, 160, 'PCMU');
    expect(meter.read()).toBeCloseTo(-9, 0);
    meter.take(new Uint8Array(160).fill(SILENCE.PCMU), 0, 160, 'PCMU');
    expect(meter.read()).toBe(-96);
  });
});

describe('a mix', () => {
  /** Has speakers hum for a second, and mixes it. */
  function mixed(tones: number[], law: 'PCMU' | 'PCMA' = 'PCMU', amplitude = 8_000): Int16Array {
    const mix = new Mix(false);
    mix.setSpeakers(tones.map((_, at) => at));
    const spoken = tones.map((hz) => encode(tone(hz, 1, 8_000, amplitude), law));
    const out = new Uint8Array(8_000);
    for (let at = 0; at < 8_000; at += 160) {
      spoken.forEach((octets, ssrc) => mix.take(ssrc, 5_000 + at, octets, at, at + 160, law));
      mix.frame(out, at, law);
    }
    return decode(out, law);
  }

  it.each(LAWS)('has everybody in it, with %s', (law) => {
    const samples = mixed([500, 900, 1_300], law).slice(800);
    for (const hz of [500, 900, 1_300]) expect(toneShare(samples, hz)).toBeGreaterThan(0.3);
    expect(toneShare(samples, 1_700)).toBeLessThan(0.001);
  });

  it('that is too loud is cut off, and does not wrap', () => {
    const samples = mixed([500, 500, 500], 'PCMU', 20_000).slice(800);
    expect(Math.max(...samples)).toBe(32_124);
    expect(Math.min(...samples)).toBe(-32_124);
    expect(toneShare(samples, 500)).toBeGreaterThan(0.8);
  });

  it('of G.722 keeps what is above 4 kHz', () => {
    const mix = new Mix(true);
    mix.setSpeakers([1, 2]);
    const [low, high] = [encodeG722(tone(700, 1, 16_000)), encodeG722(tone(6_000, 1, 16_000))];
    const out = new Uint8Array(8_000);
    for (let at = 0; at < 8_000; at += 160) {
      mix.take(1, at, low, at, at + 160, 'G722');
      mix.take(2, at, high, at, at + 160, 'G722');
      mix.frame(out, at, 'G722');
    }
    const samples = new Int16Array(16_000);
    new G722Decoder().decode(out, 0, 8_000, samples);
    for (const hz of [700, 6_000]) expect(toneShare(samples.slice(3_200), hz, 16_000)).toBeGreaterThan(0.4);
  });

  it('takes nothing of strangers, of another codec, or of a length that is none', () => {
    const mix = new Mix(false);
    mix.setSpeakers([1]);
    const loud = encode(tone(500, 1), 'PCMU');
    const out = new Uint8Array(160);
    mix.take(2, 0, loud, 0, 160, 'PCMU');
    mix.take(1, 0, loud, 0, 160, 'G722');
    mix.take(1, 0, loud, 0, 8_000, 'PCMU');
    for (let beat = 0; beat < 5; beat += 1) mix.frame(out, 0, 'PCMU');
    expect(out.every((octet) => octet === SILENCE.PCMU)).toBe(true);
  });

  it('plays packets in their order, though they came in another, and each once', () => {
    const mix = new Mix(false);
    mix.setSpeakers([1]);
    const octets = encode(
      Int16Array.from({ length: 960 }, (_, at) => 100 * Math.floor(at / 160) + 1_000),
      'PCMU',
    );
    for (const frame of [0, 2, 1, 1, 4, 5, 3]) mix.take(1, frame * 160, octets, frame * 160, frame * 160 + 160, 'PCMU');
    const out = new Uint8Array(8 * 160);
    for (let frame = 0; frame < 8; frame += 1) mix.frame(out, frame * 160, 'PCMU');
    expect(out.subarray(2 * 160)).toEqual(octets);
  });

  it('catches up with a sender that is faster than the clock', () => {
    const mix = new Mix(false);
    mix.setSpeakers([1]);
    const octets = encode(tone(500, 10), 'PCMU');
    const out = new Uint8Array(160);
    let packets = 0;
    for (let beat = 0; beat < 200; beat += 1) {
      for (const _ of beat % 2 === 0 ? [1, 2] : [1]) {
        mix.take(1, packets * 160, octets, packets * 160, packets * 160 + 160, 'PCMU');
        packets += 1;
      }
      mix.frame(out, 0, 'PCMU');
    }
    // The sender falls silent: what waits is over within the 160 ms that may wait.
    let waiting = 0;
    do mix.frame(out, 0, 'PCMU');
    while (!out.every((octet) => octet === SILENCE.PCMU) && (waiting += 1) < 100);
    expect(waiting).toBeLessThanOrEqual(9);
  });
});

describe('a pacer', () => {
  /** A clock that jumps to whatever is waited for, late by what the test says. */
  function clock(late: (beat: number) => number) {
    let now = 1_000;
    let waiting: { at: number; run: () => void } | null = null;
    let fired = 0;
    const beats = {
      now: () => now,
      after(ms: number, run: () => void) {
        waiting = { at: now + ms, run };
        return { cancel: () => (waiting = null) };
      },
    };
    const fire = () => {
      if (waiting === null) return false;
      const { at, run } = waiting;
      waiting = null;
      now = Math.max(now, at + late((fired += 1)));
      run();
      return true;
    };
    return { beats, fire, now: () => now };
  }

  it('does not drift, however late its timers are', () => {
    const { beats, fire, now } = clock((beat) => (beat * 7) % 15);
    const pacer = new Pacer(beats);
    let played = 0;
    pacer.add(() => (played += 1));
    while (played < 5_000) fire();
    expect(now() - 1_000).toBeGreaterThanOrEqual(5_000 * 20);
    expect(now() - 1_000).toBeLessThan(5_000 * 20 + 20);
    expect(pacer.skipped).toBe(0);
  });

  it('makes up for a short stall at once, and leaves out a long one', () => {
    const { beats, fire } = clock((beat) => (beat === 2 ? 70 : beat === 3 ? 1_000 : 0));
    const pacer = new Pacer(beats);
    let played = 0;
    pacer.add(() => (played += 1));
    const after = [1, 2, 3].map(() => {
      fire();
      return played;
    });
    expect(after).toEqual([1, 5, 11]);
    expect(pacer.skipped).toBe(45);
  });

  it('rests while nobody plays', () => {
    const { beats, fire } = clock(() => 0);
    const pacer = new Pacer(beats);
    const play = () => pacer.remove(play);
    pacer.add(play);
    expect([fire(), fire()]).toEqual([true, false]);
    pacer.add(play);
    pacer.remove(play);
    expect(fire()).toBe(false);
  });
});
