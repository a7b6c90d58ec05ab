/** SIP telephones of other makers in a room, by every way that their sound may take. */
import type { Dialog } from 'drachtio-srf';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Leg } from '../../media/leg.ts';
import type { Room } from '../../media/room.ts';
import { createRtpLeg, type TelephoneLeg } from '../../media/rtpLeg.ts';
import { createWebRtcLeg } from '../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { settings } from '../support/media/edgeStage.ts';
import { windowsWith } from '../support/media/goertzel.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';
import { soundOf } from '../support/media/sounds.ts';
import { Telephone } from '../support/media/telephone.ts';
import { startBaresip, type Baresip, type BaresipOptions } from '../support/sip/baresip.ts';
import { startSipp } from '../support/sip/sipp.ts';
import { setStage } from '../support/sip/stage.ts';
import { missingTools } from '../support/sip/tools.ts';

const WITHIN = { timeout: 20_000, interval: 100 };
const HERTZ = { alice: 900, bob: 440 };
const missing = await missingTools();

const stage = setStage();
let pool: WorkerPool;
let edge: MediaEdge;
let room: Room;
/** Who is in the room already: a telephone that is a bare socket. */
let alice: Telephone;

beforeAll(async () => {
  pool = await startPool(1);
  edge = new MediaEdge(settings());
});
afterAll(async () => {
  await edge.close();
  await pool.close();
});
beforeEach(async () => {
  room = await roomOn(pool);
  alice = await Telephone.open();
  const leg = await createRtpLeg({ id: 'alice', placement: room.placement, edge });
  onTestFinished(async () => {
    leg.close();
    room.close();
    await alice.close();
  });
  await room.join(leg);
  alice.calls(await leg.accept(alice.sdp())).hums(HERTZ.alice);
});

/** Who calls is put into the room, on the leg that is made for it. */
async function answers(make: () => Promise<Leg>): Promise<string> {
  const { srf } = await stage.application({
    invite(req, res) {
      const answer = async (): Promise<void> => {
        const leg = await make();
        await room.join(leg);
        const dialog = await srf.createUAS(req, res, { localSdp: await leg.accept(req.body) });
        dialog.on('destroy', () => leg.close());
      };
      answer().catch((error: Error) => res.send(500, { headers: { 'X-Why': error.message } }));
    },
  });
  const { host, port } = stage.address('udp');
  return `sip:room@${host}:${port}`;
}

/** Calls a telephone and puts it into the room. */
async function calls(uri: string, leg: Leg): Promise<Dialog> {
  const { srf } = await stage.application();
  onTestFinished(() => leg.close());
  await room.join(leg);
  const dialog = await srf.createUAC(uri, { localSdp: await leg.offer() });
  await leg.answer(dialog.remote.sdp);
  return dialog;
}

async function baresip(dial: string | undefined, options: BaresipOptions): Promise<Baresip> {
  const started = await startBaresip('bob', dial, options);
  onTestFinished(() => started.stop());
  return started;
}

/** Both hear the other's tone, for half a second at least. */
async function talk(bob: Baresip): Promise<void> {
  await alice.hears([HERTZ.bob], [HERTZ.alice]);
  await expect.poll(async () => windowsWith(await bob.heard(), HERTZ.alice), WITHIN).toBeGreaterThan(5);
}

/** Root of the mean of squares. */
const loudness = (samples: Int16Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

describe.skipIf(missing.includes('baresip'))('baresip by ICE and DTLS-SRTP (RFC 5763)', () => {
  const options = {
    modules: ['g711.so', 'ice.so', 'dtls_srtp.so'],
    account: ['medianat=ice', 'mediaenc=dtls_srtp'],
    config: ['rtcp_mux yes'],
  };
  const make = () =>
    createWebRtcLeg({
      id: 'bob',
      placement: room.placement,
      audioCodecs: ['PCMU', 'PCMA'],
      ahead: { audio: 1, video: 0 },
      peerSends: { audio: true, video: false },
    });

  it('calls: its offer begins the session; it and alice hear each other', async () => {
    const bob = await baresip(await answers(make), options);
    await talk(bob);
    expect(bob.said()).toMatch(/DTLS-SRTP complete/);
  });

  it('is called, and answers without mid and bundle; it and alice hear each other', async () => {
    const bob = await baresip(undefined, options);
    await calls(bob.uri, await make());
    await talk(bob);
    expect(bob.said()).toMatch(/DTLS-SRTP complete/);
  });
});

describe.skipIf(missing.includes('baresip'))('baresip by SRTP with keys in the SDP (RFC 4568)', () => {
  const options = { modules: ['g711.so', 'srtp.so'], account: ['mediaenc=srtp-mand'] };
  const make = () => createRtpLeg({ id: 'bob', placement: room.placement, edge, srtp: 'AES_CM_128_HMAC_SHA1_80' });

  it('calls: it and alice hear each other', async () => {
    await talk(await baresip(await answers(make), options));
  });

  it('is called: it and alice hear each other', async () => {
    const bob = await baresip(undefined, options);
    await calls(bob.uri, await make());
    await talk(bob);
  });
});

describe.skipIf(missing.includes('baresip'))('[RFC 3264 8.4] baresip on hold', () => {
  it('is told so, sends nothing while music plays to it, and is heard again when it is resumed', async () => {
    const bob = await baresip(undefined, {});
    const leg = await createRtpLeg({ id: 'bob', placement: room.placement, edge });
    const dialog = await calls(bob.uri, leg);
    await talk(bob);
    await edge.load('music', await soundOf({ tone: { frequencies: [1300], onMs: 1000, offMs: 0 } }));
    const reoffer = async () => {
      await dialog.modify(await leg.offer());
      await leg.answer(dialog.remote.sdp);
      return dialog.remote.sdp;
    };
    await leg.hold();
    expect(await reoffer()).toContain('a=recvonly');
    const sentDuringMusic = async () => {
      await leg.stats();
      await leg.play(['music']);
      return (await leg.stats()).received.audio;
    };
    await expect.poll(sentDuringMusic, WITHIN).toBeNull();
    await leg.resume();
    expect(await reoffer()).toContain('a=sendrecv');
    await alice.hears([HERTZ.bob], [HERTZ.alice]);
  });
});

// SIPp puts its sound onto the wire itself, which takes root.
describe.skipIf(missing.includes('sipp') || process.getuid?.() !== 0)('SIPp, which plays what it has recorded', () => {
  it('[RFC 4733] is heard in PCMA, and its digit is told', async () => {
    const digits: string[] = [];
    let leg: TelephoneLeg | null = null;
    const uri = await answers(async () => {
      leg = await createRtpLeg({ id: 'bob', placement: room.placement, edge });
      leg.on('dtmf', (digit) => digits.push(digit));
      return leg;
    });
    const [, host = '', port] = /@(.+):(\d+)$/.exec(uri) ?? [];
    const running = await startSipp({ scenario: 'uac_sound', to: { host, port: Number(port) }, more: ['-mi', host] });
    onTestFinished(running.stop);
    // Its packets are of 30 ms, and somebody speaks in them.
    expect(loudness(await alice.listens(50))).toBeGreaterThan(100);
    await expect.poll(() => digits, WITHIN).toEqual(['1']);
    expect(alice.peer.heard.every(({ payload, payloadType }) => payloadType === 0 && payload.length === 240)).toBe(
      true,
    );
    expect((await leg!.stats()).received.audio).toMatchObject({ loss: 0 });
  });
});
