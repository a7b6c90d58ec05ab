import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { types } from 'mediasoup';
import { Digits } from '../../../media/room/digits.ts';
import { ROUTER_CODECS } from '../../../media/sdp/codecs.ts';
import type { WorkerPool } from '../../../media/workers/workerPool.ts';
import { startPool } from '../../support/media/roomStage.ts';
import { RtpPeer, rtpPacket } from '../../support/media/rtpPeer.ts';

const WITHIN = { timeout: 20_000, interval: 20 };
const SSRC = 4711;

let pool: WorkerPool;
let router: types.Router;
let digits: Digits;
let told: string[];

beforeAll(async () => {
  pool = await startPool(1);
});
afterAll(() => pool.close());
beforeEach(async () => {
  ({ router } = await pool.createRouter(structuredClone([...ROUTER_CODECS])));
  digits = new Digits(router);
  told = [];
  digits.onDigit = (legId, { digit }) => told.push(`${legId} ${digit}`);
});
afterEach(() => router.close());

/** Somebody who sends PCMU and, if told so, digits; the worker takes a stream by its first packet of sound. */
async function produces(withDigits = true): Promise<{ producer: types.Producer; peer: RtpPeer }> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: '127.0.0.1' },
    comedia: true,
  });
  const peer = (await RtpPeer.open()).sendsTo(transport.tuple.localPort);
  onTestFinished(() => peer.close());
  const silk = ROUTER_CODECS.find(({ mimeType }) => mimeType === 'audio/SILK')!;
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: {
      codecs: [
        { mimeType: 'audio/PCMU', payloadType: 0, clockRate: 8_000 },
        ...(withDigits ? [{ mimeType: silk.mimeType, payloadType: 101, clockRate: 8_000 }] : []),
      ],
      encodings: [{ ssrc: SSRC }],
    },
  });
  peer.sendFrames(5, { ssrc: SSRC });
  return { producer, peer };
}

/** The last packet of a key that was pressed for 100 ms. */
function press(peer: RtpPeer, code: number, at: number): void {
  const payload = Buffer.from([code, 0x8a, 0x03, 0x20]);
  peer.send(rtpPacket({ payloadType: 101, sequence: at, timestamp: at * 1_000, ssrc: SSRC, payload }));
}

const listening = async () => {
  await expect
    .poll(async () => (await router.dump()).mapProducerIdConsumerIds.flatMap(({ values }) => values).length, WITHIN)
    .toBe(1);
};

describe('[RFC 4733] the digits of a room', () => {
  it('are told by who pressed them; sound does not come here', async () => {
    const { producer, peer } = await produces();
    digits.add(producer, 'sam');
    digits.add(producer, 'sam');
    await listening();
    press(peer, 4, 10);
    press(peer, 11, 11);
    await expect.poll(() => told, WITHIN).toEqual(['sam 4', 'sam #']);
  });

  it('whose end was lost are told all the same', async () => {
    const { producer, peer } = await produces();
    digits.add(producer, 'sam');
    await listening();
    const payload = Buffer.from([7, 0x0a, 0x01, 0x40]);
    peer.send(rtpPacket({ payloadType: 101, sequence: 10, timestamp: 1, ssrc: SSRC, payload }));
    await expect.poll(() => told, WITHIN).toEqual(['sam 7']);
  });

  it('of a flood are some a second, and then heard again', async () => {
    const { producer, peer } = await produces();
    digits.add(producer, 'sam');
    await listening();
    for (let at = 10; at <= 1_000; at += 1) press(peer, at % 10, at);
    await expect.poll(() => told.length, WITHIN).toBeGreaterThan(100);
    const heard = told.length;
    expect(heard).toBeLessThanOrEqual(200);
    let at = 1_000;
    await expect
      .poll(
        () => {
          press(peer, 11, (at += 1));
          return told.includes('sam #');
        },
        { timeout: 20_000, interval: 100 },
      )
      .toBe(true);
  });

  it('of nobody who cannot press any, who left, or whose producer is closed, are listened to', async () => {
    const { producer } = await produces(false);
    digits.add(producer, 'tv');
    expect((await router.dump()).transportIds).toHaveLength(1);
    producer.close();
    const sam = await produces();
    digits.add(sam.producer, 'sam');
    digits.forget('sam');
    digits.add(sam.producer, 'sam');
    await listening();
    digits.forget('sam');
    press(sam.peer, 1, 10);
    await expect.poll(async () => (await router.dump()).mapConsumerIdProducerId, WITHIN).toEqual([]);
    expect(told).toEqual([]);
  });
});
