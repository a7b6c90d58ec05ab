/** Telephones and browsers of other makers in a room without any SIP: ffmpeg, and everybody over IPv6. */
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Room } from '../../media/room.ts';
import { createRtpLeg, type TelephoneLeg } from '../../media/rtpLeg.ts';
import { createWebRtcLeg } from '../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { settings } from '../support/media/edgeStage.ts';
import { freePair, hasFfmpeg, listen, sendTone } from '../support/media/ffmpeg.ts';
import { windowsWith } from '../support/media/goertzel.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';
import { RtpPeer } from '../support/media/rtpPeer.ts';
import { Telephone } from '../support/media/telephone.ts';
import { WeriftBrowser } from '../support/media/weriftBrowser.ts';

const SIX = '::1';
const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
const hasSix = addresses.some(({ address }) => address === SIX);
/** One that others reach us at, for the worker listens on no other. */
const hasOuterSix = addresses.some(({ family, internal, scopeid }) => family === 'IPv6' && !internal && scopeid === 0);
if (!hasOuterSix) console.log('Not all tests of IPv6 run: this machine has no address of it beyond its own.');

let pool: WorkerPool;
let room: Room;

beforeAll(async () => {
  pool = await startPool(1);
});
afterAll(() => pool.close());
beforeEach(async () => {
  room = await roomOn(pool);
});
afterEach(() => room.close());

function openEdge(address: string): MediaEdge {
  const edge = new MediaEdge(settings({ address }));
  onTestFinished(() => edge.close());
  return edge;
}

async function open(id: string, edge: MediaEdge): Promise<TelephoneLeg> {
  const leg = await createRtpLeg({ id, placement: room.placement, edge });
  onTestFinished(() => leg.close());
  await room.join(leg);
  return leg;
}

async function telephone(host?: string): Promise<Telephone> {
  const opened = await Telephone.open('PCMU', host);
  onTestFinished(() => opened.close());
  return opened;
}

describe.skipIf(!(await hasFfmpeg()))('ffmpeg in a room, as a telephone that is told nothing but an SDP', () => {
  it('[M15] is heard by alice, and hears her', async () => {
    const edge = openEdge('127.0.0.1');
    const alice = await telephone();
    alice.calls(await (await open('alice', edge)).accept(alice.sdp())).hums(900);
    const port = await freePair();
    const sdp = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio ${port} RTP/AVP 0`];
    const answer = await (await open('bob', edge)).accept([...sdp, ''].join('\r\n'));
    const to = Number(/^m=audio (\d+)/m.exec(answer)?.[1]);
    const heard = await listen({ port });
    expect(windowsWith(heard, 900)).toBeGreaterThan(5);
    // It has one port for either way: it listened first, and now it sends from there.
    const sender = sendTone({ hz: 440, codec: 'PCMU', from: port, to });
    onTestFinished(sender.stop);
    await alice.hears([440], [900]);
  });
});

describe.skipIf(!hasSix)('telephones over IPv6', () => {
  it('hear each other, however they spell their address (RFC 5952), and strangers are not let in', async () => {
    const edge = openEdge(SIX);
    const [alice, bob] = [await telephone(SIX), await telephone(SIX)];
    alice.calls(await (await open('alice', edge)).accept(alice.sdp())).hums(500);
    const answer = await (await open('bob', edge)).accept(bob.sdp({ host: '0:0:0:0:0:0:0:1' }));
    expect(answer).toContain(`c=IN IP6 ${SIX}\r\n`);
    bob.calls(answer).hums(900);
    const mallory = await RtpPeer.open(SIX);
    onTestFinished(() => mallory.close());
    mallory.sendsTo(bob.peer.target, SIX).sendFrames(50);
    await Promise.all([alice.hears([900], [500]), bob.hears([500], [900])]);
    expect(mallory.raw).toEqual([]);
  });

  it('are told when they cannot be reached from here', async () => {
    const [six, four] = [await telephone(SIX), await telephone()];
    const leg = await open('alice', openEdge(SIX));
    await expect(leg.accept(four.sdp())).rejects.toThrow('cannot be reached from IPv6');
    await leg.accept(six.sdp());
  });
});

describe.skipIf(!hasOuterSix)('a browser over IPv6', () => {
  it('of other makers (werift) connects, and hears another', async () => {
    const transports: types.WebRtcTransport[] = [];
    room.placement.router.observer.on('newtransport', (one) => transports.push(one as types.WebRtcTransport));
    const join = async (id: string) => {
      const leg = await createWebRtcLeg({ id, placement: room.placement });
      const browser = new WeriftBrowser({ ipv6: true });
      onTestFinished(async () => {
        leg.close();
        await browser.close();
      });
      await room.join(leg);
      const connected = once(leg as never, 'connected');
      // All other ways are closed.
      const offer = (await leg.offer()).replace(/^a=candidate:\S+ 1 (tcp .*|udp \d+ [\d.]+ .*)\r\n/gm, '');
      await leg.answer(await browser.take(offer));
      await connected;
      return browser;
    };
    const [alice, bob] = [await join('alice'), await join('bob')];
    alice.say('audio');
    await bob.hears('audio', 1);
    for (const { iceSelectedTuple } of transports) expect(iceSelectedTuple?.remoteIp).toContain(':');
  });
});
