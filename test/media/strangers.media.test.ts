import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Leg } from '../../media/leg.ts';
import type { Room } from '../../media/room.ts';
import { createWebRtcLeg } from '../../media/webRtcLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';
import { RtpPeer, rtpPacket } from '../support/media/rtpPeer.ts';
import { WeriftBrowser } from '../support/media/weriftBrowser.ts';
import { Random } from '../support/random.ts';

const noise = new Random(3711);

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

interface Party {
  leg: Leg;
  browser: WeriftBrowser;
}

/** A party that was offered the room, and has not answered. */
async function invite(id: string): Promise<Party & { offer: string }> {
  const leg = await createWebRtcLeg({ id, placement: room.placement });
  const browser = new WeriftBrowser();
  onTestFinished(async () => {
    leg.close();
    await browser.close();
  });
  await room.join(leg);
  return { leg, browser, offer: await leg.offer() };
}

async function join(id: string): Promise<Party & { offer: string }> {
  const party = await invite(id);
  const connected = once(party.leg as never, 'connected');
  await party.leg.answer(await party.browser.take(party.offer));
  await connected;
  return party;
}

/** Somebody on a port of his own, who sends to where the worker listens for browsers. */
async function stranger(offer: string): Promise<RtpPeer> {
  const [, address, port] = / udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host/.exec(offer) ?? [];
  const peer = await RtpPeer.open('0.0.0.0');
  onTestFinished(() => peer.close());
  return peer.sendsTo(Number(port), address);
}

/** What the worker was given of alice, and took for hers. */
async function takenOf({ leg }: Party): Promise<number> {
  const stats = await Promise.all(leg.sources.map(({ producer }) => producer.getStats()));
  return stats.flat().reduce((sum, { packetCount }) => sum + packetCount, 0);
}

/**
 * One packet from alice to bob. The worker has one socket for all: when it is heard, whatever was sent before it was
 * dealt with.
 */
async function passes(alice: Party, bob: Party): Promise<void> {
  const { audio } = bob.browser.heard;
  alice.browser.say('audio');
  await bob.browser.hears('audio', audio + 1);
}

/** The first flight of a handshake (RFC 6347 4.2.1), complete and without a cookie. */
function clientHello(sequence: number): Buffer {
  const suites = Buffer.from('c02bc02fcca9cca8c009c013', 'hex');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(suites.length);
  const extensions = Buffer.from(
    // supported_groups, ec_point_formats, signature_algorithms, use_srtp, extended_master_secret
    '000a00040002001d' + '000b00020100' + '000d0006000404030503' + '000e00050002000100' + '00170000',
    'hex',
  );
  const extensionsLength = Buffer.alloc(2);
  extensionsLength.writeUInt16BE(extensions.length);
  const body = Buffer.concat([
    Buffer.from([0xfe, 0xfd]),
    noise.bytes(32),
    Buffer.from([0, 0]),
    length,
    suites,
    Buffer.from([1, 0]),
    extensionsLength,
    extensions,
  ]);
  const handshake = Buffer.alloc(12);
  handshake[0] = 1;
  handshake.writeUIntBE(body.length, 1, 3);
  handshake.writeUIntBE(body.length, 9, 3);
  const record = Buffer.alloc(13);
  record[0] = 22;
  record.writeUInt16BE(0xfefd, 1);
  record.writeUIntBE(sequence, 5, 6);
  record.writeUInt16BE(handshake.length + body.length, 11);
  return Buffer.concat([record, handshake, body]);
}

/** A binding request (RFC 8489 5) for a name that nobody has. */
function bindingRequest(): Buffer {
  const name = Buffer.from(`${noise.bytes(8).toString('hex')}:mallory`);
  const attribute = Buffer.alloc(4 + Math.ceil(name.length / 4) * 4);
  attribute.writeUInt16BE(0x0006, 0);
  attribute.writeUInt16BE(name.length, 2);
  name.copy(attribute, 4);
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x0001, 0);
  head.writeUInt16BE(attribute.length, 2);
  head.writeUInt32BE(0x2112a442, 4);
  return Buffer.concat([head, noise.bytes(12), attribute]);
}

function ssrcOf({ leg }: Party): number {
  const source = leg.sources.find(({ kind }) => kind === 'audio');
  return source?.producer.rtpParameters.encodings?.[0]?.ssrc ?? 0;
}

describe('a stranger at the port for browsers', () => {
  it('says ClientHello before, during and after a handshake (RFC 6347): it is nobody’s, and alice is connected', async () => {
    const bob = await join('bob');
    const alice = await invite('alice');
    const mallory = await stranger(alice.offer);
    for (let sent = 0; sent < 20; sent += 1) mallory.send(clientHello(sent));
    const connected = once(alice.leg as never, 'connected');
    const answer = await alice.browser.take(alice.offer);
    for (let sent = 0; sent < 20; sent += 1) mallory.send(clientHello(sent));
    const between = setInterval(() => mallory.send(clientHello(0)), 1);
    onTestFinished(() => clearInterval(between));
    await alice.leg.answer(answer);
    await connected;
    clearInterval(between);
    for (let sent = 0; sent < 20; sent += 1) mallory.send(clientHello(sent));
    await passes(alice, bob);
    await passes(bob, alice);
    expect(mallory.raw).toEqual([]);
  });

  it('sends RTP as if he were alice: none is forwarded, and he hears nothing', async () => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    const mallory = await stranger(alice.offer);
    await passes(alice, bob);
    const sealed = alice.browser.lastDatagram;
    for (let sequence = 2; sequence < 52; sequence += 1) {
      const fields = { payloadType: 111, sequence, timestamp: sequence * 960, ssrc: ssrcOf(alice) };
      mallory.send(rtpPacket({ ...fields, payload: noise.bytes(90) }));
      // Her own packet, from elsewhere.
      mallory.send(sealed);
    }
    await passes(alice, bob);
    expect(bob.browser.heard.audio).toBe(2);
    expect(await takenOf(alice)).toBe(2);
    expect(mallory.raw).toEqual([]);
  });

  it('floods it with noise, STUN and DTLS: the room goes on, and nobody is answered', async () => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    const crowd = await Promise.all(Array.from({ length: 4 }, () => stranger(alice.offer)));
    const kinds = [
      () => noise.bytes(1 + noise.below(1_400)),
      bindingRequest,
      () => clientHello(1),
      () => rtpPacket({ payloadType: 111, sequence: 1, timestamp: 1, ssrc: ssrcOf(alice), payload: noise.bytes(160) }),
      // RTCP that says goodbye for alice (RFC 3550 6.6).
      () => Buffer.concat([Buffer.from([0x81, 203, 0, 1]), Buffer.alloc(4, 1)]),
    ];
    // What waits at once fits into a socket's buffer, so that a packet that is missing was dropped by the worker.
    for (let wave = 0; wave < 50; wave += 1) {
      for (const mallory of crowd) for (const kind of kinds) for (let one = 0; one < 2; one += 1) mallory.send(kind());
      // In the midst of it.
      await passes(alice, bob);
    }
    expect(bob.browser.heard).toEqual({ audio: 50, video: 0 });
    expect(await takenOf(alice)).toBe(50);
    expect(crowd.flatMap(({ raw }) => raw)).toEqual([]);
  });
});

describe('a peer whose SRTP is malformed (RFC 3711 3.3)', () => {
  it('is heard by what is sound alone: what is forged, cut off, in the clear or said twice is dropped', async () => {
    const [alice, bob] = [await join('alice'), await join('bob')];
    await passes(alice, bob);
    const sealed = Buffer.from(alice.browser.lastDatagram);
    const spoilt = (change: (packet: Buffer) => void) => {
      const packet = Buffer.from(sealed);
      change(packet);
      return packet;
    };
    const clear = rtpPacket({
      payloadType: 111,
      sequence: 7,
      timestamp: 7,
      ssrc: ssrcOf(alice),
      payload: noise.bytes(80),
    });
    const bad = [
      spoilt((packet) => packet.writeUInt16BE(packet.readUInt16BE(2) + 1, 2)),
      spoilt((packet) => (packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 1)),
      spoilt((packet) => (packet[0] = 0x8f)),
      spoilt((packet) => (packet[0] = 0xb0)),
      ...Array.from({ length: sealed.length - 1 }, (_, length) => sealed.subarray(0, length + 1)),
      clear,
      sealed,
      Buffer.concat([Buffer.from([0x80, 200, 0, 6]), noise.bytes(40)]),
      Buffer.from([0x80, 201, 0xff, 0xff]),
    ];
    for (const datagram of bad) await alice.browser.sendRaw(datagram);
    await passes(alice, bob);
    expect(bob.browser.heard).toEqual({ audio: 2, video: 0 });
    expect(await takenOf(alice)).toBe(2);
    await passes(bob, alice);
  });
});
