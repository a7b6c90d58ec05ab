import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { linearTable } from '../../../media/edge/g711.ts';
import { G722Decoder } from '../../../media/edge/g722.ts';
import { EdgeStage, PRODUCED } from '../../support/media/edgeStage.ts';
import { freePair, hasFfmpeg, listen, sendTone, type Secrets } from '../../support/media/ffmpeg.ts';
import { toneShare } from '../../support/media/goertzel.ts';
import type { HeardPacket } from '../../support/media/rtpPeer.ts';

const present = await hasFfmpeg();
const SUITES = ['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const;
const material = Buffer.from(Array.from({ length: 30 }, (_, at) => at * 7));

let stage: EdgeStage;
beforeEach(() => {
  stage = new EdgeStage();
});
afterEach(() => stage.close());

function samplesOf(packets: HeardPacket[]): Int16Array {
  return Int16Array.from(
    packets.flatMap(({ payload }) => Array.from(payload, (octet) => linearTable('PCMU')[octet] as number)),
  );
}

/** A leg whose telephone is ffmpeg on a port of its own. */
async function legOfFfmpeg(secrets?: Secrets & { suite: (typeof SUITES)[number] }) {
  const port = await freePair();
  const { leg, room, agreed } = await stage.leg();
  const far = {
    ...agreed,
    remote: { address: '127.0.0.1', port, rtcp: { address: '127.0.0.1', port: port + 1 } },
    srtp: secrets === undefined ? null : { receive: secrets, send: secrets },
  };
  await leg.negotiate(far);
  return { leg, room, port, agreed: far };
}

describe.skipIf(!present)('ffmpeg as a telephone', () => {
  it('is heard in the room: PCMU', async () => {
    const { leg, room, port } = await legOfFfmpeg();
    const sender = sendTone({ hz: 440, codec: 'PCMU', from: port, to: leg.ports.port });
    onTestFinished(sender.stop);
    const heard = await room.hears(50);
    expect(toneShare(samplesOf(heard), 440)).toBeGreaterThan(0.9);
    expect(new Set(heard.map(({ ssrc }) => ssrc))).toEqual(new Set([PRODUCED]));
    const { counts, received } = await leg.measure();
    expect(counts).toMatchObject({ strangers: 0, malformed: 0, unexpected: 0 });
    expect(received.lost).toBe(0);
    expect(received.levelDb).toBeLessThan(-10);
  });

  it('is heard in the room: G722', async () => {
    const { leg, room, port, agreed } = await legOfFfmpeg();
    await leg.joinRoom({
      produces: { ssrc: PRODUCED, payloadType: 9, codec: 'G722', telephoneEvent: null },
      sources: [],
    });
    await leg.negotiate({ ...agreed, codec: 'G722', payloadType: 9 });
    const sender = sendTone({ hz: 6_000, codec: 'G722', from: port, to: leg.ports.port });
    onTestFinished(sender.stop);
    const heard = (await room.hears(50)).slice(0, 50);
    const octets = Buffer.concat(heard.map(({ payload }) => payload));
    const samples = new Int16Array(2 * octets.length);
    new G722Decoder().decode(octets, 0, octets.length, samples);
    expect(toneShare(samples.slice(1_600), 6_000, 16_000)).toBeGreaterThan(0.9);
  });

  it.each(SUITES)('[RFC 3711] is heard in the room over SRTP with %s, and nobody in the clear', async (suite) => {
    const secrets = { suite, material };
    const { leg, room, port } = await legOfFfmpeg(secrets);
    const sender = sendTone({ hz: 440, codec: 'PCMU', from: port, to: leg.ports.port, secrets });
    onTestFinished(sender.stop);
    const heard = await room.hears(50);
    expect(toneShare(samplesOf(heard), 440)).toBeGreaterThan(0.9);
    const { counts, received } = await leg.measure();
    expect([counts.malformed, received.lost]).toEqual([0, 0]);
    // With the short tag ffmpeg signs its reports with 32 bits as well, where RFC 4568 6.2 has 80.
    if (suite.endsWith('80')) expect(counts.forged).toBe(0);
    await sender.stop();
    const plain = sendTone({ hz: 880, codec: 'PCMU', from: port, to: leg.ports.port });
    onTestFinished(plain.stop);
    const before = (await leg.measure()).counts.forwarded;
    await expect.poll(async () => (await leg.measure()).counts.forged).toBeGreaterThan(10);
    expect((await leg.measure()).counts.forwarded).toBe(before);
  });

  it.each(SUITES)('[RFC 3711] hears what is played to it over SRTP with %s', async (suite) => {
    const secrets = { suite, material };
    const { leg, port } = await legOfFfmpeg(secrets);
    await stage.load('tone', { tone: { frequencies: [700], onMs: 1_000, offMs: 0 } });
    const playing = leg.play(['tone'], { loop: true });
    const samples = await listen({ port, secrets });
    await leg.stop();
    expect(await playing).toBe(false);
    expect(samples.length).toBeGreaterThan(4_000);
    expect(toneShare(samples.slice(-4_000), 700)).toBeGreaterThan(0.9);
  });
});

describe('what is played', () => {
  it('comes as one stream, to its end, one sound after the other', async () => {
    const { leg, telephone } = await stage.leg();
    await stage.load('one', { tone: { frequencies: [500], onMs: 400, offMs: 0 } });
    await stage.load('two', { tone: { frequencies: [900], onMs: 400, offMs: 0 } });
    expect(await leg.play(['one', 'two'])).toBe(true);
    const heard = await telephone.hears(40);
    expect(heard).toHaveLength(40);
    const samples = samplesOf(heard);
    expect(toneShare(samples.slice(0, 3_200), 500)).toBeGreaterThan(0.9);
    expect(toneShare(samples.slice(3_200), 900)).toBeGreaterThan(0.9);
    const first = heard[0] as HeardPacket;
    expect(heard.map(({ sequence }) => (sequence - first.sequence) & 0xffff)).toEqual(heard.map((_, at) => at));
    expect(first.marker).toBe(true);
  });

  it.each([10, 20, 30, 60])('comes in packets as long as the telephone wants them: %i ms', async (ptime) => {
    const { leg, telephone } = await stage.leg({ ptime });
    await stage.load('one', { tone: { frequencies: [500], onMs: 400, offMs: 0 } });
    expect(await leg.play(['one'])).toBe(true);
    const heard = await telephone.hears(Math.ceil(400 / ptime));
    const lengths = heard.map(({ payload }) => payload.length);
    // What is left at the end is shorter.
    expect(lengths).toEqual(heard.map((_, at) => Math.min(ptime, 400 - at * ptime) * 8));
    const first = heard[0] as HeardPacket;
    expect(heard.map(({ timestamp }) => (timestamp - first.timestamp) >>> 0)).toEqual(
      heard.map((_, at) => at * ptime * 8),
    );
    expect(heard.filter(({ marker }) => marker)).toEqual([first]);
    expect(toneShare(samplesOf(heard), 500)).toBeGreaterThan(0.9);
  });

  it('gives way to what is played next, and must have been loaded', async () => {
    const { leg } = await stage.leg();
    await stage.load('music', { tone: { frequencies: [500], onMs: 400, offMs: 0 } });
    const first = leg.play(['music'], { loop: true });
    const second = leg.play(['music']);
    expect([await first, await second]).toEqual([false, true]);
    await expect(leg.play(['music', 'nothing'])).rejects.toThrow(
      'Not all of these sounds were loaded: music, nothing.',
    );
  });

  it('may go to a room instead of a telephone', async () => {
    const source = await stage.edge.openSource();
    const room = await stage.peer();
    await source.connect(room.port);
    await source.speak({ ssrc: 77, payloadType: 8, codec: 'PCMA' });
    await stage.load('tone', { tone: { frequencies: [500], onMs: 200, offMs: 0 } });
    expect(await source.play(['tone'])).toBe(true);
    const heard = await room.hears(10);
    expect(new Set(heard.map(({ ssrc, payloadType }) => `${ssrc} ${payloadType}`))).toEqual(new Set(['77 8']));
    await source.close();
    expect(stage.edge.size).toBe(0);
  });
});
