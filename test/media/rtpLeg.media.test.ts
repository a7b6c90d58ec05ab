import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Leg, LegQuality, Placement } from '../../media/leg.ts';
import { createRtpLeg, type RtpLegOptions, type TelephoneLeg } from '../../media/rtpLeg.ts';
import { ROUTER_CODECS } from '../../media/sdp/codecs.ts';
import { findWorker } from '../../media/worker/findWorker.ts';
import { createWorkerPool, type WorkerPool } from '../../media/workers/workerPool.ts';
import { settings } from '../support/media/edgeStage.ts';
import { roomOn } from '../support/media/roomStage.ts';
import { RtpPeer } from '../support/media/rtpPeer.ts';
import { soundOf } from '../support/media/sounds.ts';
import { Telephone } from '../support/media/telephone.ts';

let workerBin: string;
let pool: WorkerPool;
let edge: MediaEdge;
let placement: Placement;

beforeAll(async () => {
  const found = await findWorker();
  if ('missing' in found) throw new Error(found.missing);
  workerBin = found.path;
});
beforeEach(async () => {
  pool = await createWorkerPool({ workerBin, workers: 1, firstPort: null });
  edge = new MediaEdge(settings());
  placement = await pool.createRouter([...ROUTER_CODECS]);
});
afterEach(async () => {
  await edge.close();
  await pool.close();
});

interface Party {
  leg: TelephoneLeg;
  telephone: Telephone;
}

/** A telephone that called: its offer was accepted. */
async function calls(id: string, options: Partial<RtpLegOptions> = {}, telephone?: Telephone): Promise<Party> {
  const caller = telephone ?? (await Telephone.open());
  onTestFinished(() => caller.close());
  const leg = await createRtpLeg({ id, placement, edge, ...options });
  onTestFinished(() => leg.close());
  caller.calls(await leg.accept(caller.sdp()));
  return { leg, telephone: caller };
}

/** Everybody hears everybody else, as in a room. */
async function together(...legs: Leg[]): Promise<void> {
  for (const leg of legs) {
    await leg.receive(legs.filter((one) => one !== leg).flatMap(({ sources }) => sources));
  }
}

describe('telephones in a room', () => {
  it('hear each other, whoever offered, and not themselves', async () => {
    const alice = await calls('alice');
    const bob = { leg: await createRtpLeg({ id: 'bob', placement, edge }), telephone: await Telephone.open() };
    onTestFinished(() => bob.telephone.close());
    bob.telephone.calls(await bob.leg.offer());
    await bob.leg.answer(bob.telephone.sdp());
    await together(alice.leg, bob.leg);
    alice.telephone.hums(500);
    bob.telephone.hums(900);
    await Promise.all([alice.telephone.hears([900], [500]), bob.telephone.hears([500], [900])]);
    bob.leg.close();
  });

  it('hear each other through the two laws of G.711', async () => {
    const alice = await calls('alice');
    const bob = await calls('bob', {}, await Telephone.open('PCMA'));
    alice.leg.speak('PCMU');
    bob.leg.speak('PCMU');
    await bob.leg.receive([]);
    await together(alice.leg, bob.leg);
    expect(bob.leg.audioCodecs[0]).toBe('PCMA');
    expect(bob.leg.sources[0]?.producer.rtpParameters.codecs[0]?.mimeType).toBe('audio/PCMU');
    alice.telephone.hums(500);
    bob.telephone.hums(900);
    await Promise.all([alice.telephone.hears([900], [500]), bob.telephone.hears([500], [900])]);
  });

  it('who are three hear the mix of the two others, and not themselves', async () => {
    const parties = [await calls('alice'), await calls('bob'), await calls('carol', {}, await Telephone.open('PCMA'))];
    for (const { leg } of parties) leg.speak('PCMU');
    for (const { leg } of parties) await leg.receive([]);
    await together(...parties.map(({ leg }) => leg));
    const tones = [500, 900, 1300];
    parties.forEach(({ telephone }, at) => telephone.hums(tones[at] ?? 0));
    await Promise.all(
      parties.map(({ telephone }, at) =>
        telephone.hears(
          tones.filter((_, other) => other !== at),
          [tones[at] ?? 0],
        ),
      ),
    );
    // One leaves: the others hear each other alone, as one stream that goes on.
    const [alice, bob, carol] = parties as [Party, Party, Party];
    carol.leg.close();
    await together(alice.leg, bob.leg);
    await Promise.all([alice.telephone.hears([900], [500, 1300]), bob.telephone.hears([500], [900, 1300])]);
    const heard = alice.telephone.peer.heard;
    expect(new Set(heard.map(({ ssrc }) => ssrc)).size).toBe(1);
  });

  it('hear the music alone on hold', async () => {
    const [alice, bob] = [await calls('alice'), await calls('bob')];
    await together(alice.leg, bob.leg);
    await edge.load('music', await soundOf({ tone: { frequencies: [1000], onMs: 1000, offMs: 0 } }));
    alice.telephone.hums(500);
    bob.telephone.hums(900);
    await alice.telephone.hears([900]);
    const holding = once(alice.leg as never, 'holding');
    await alice.leg.hold();
    expect(await holding).toEqual([{ byService: true, byPeer: false }]);
    const music = alice.leg.play(['music'], { loop: true });
    await alice.telephone.hears([1000], [900]);
    await alice.leg.resume();
    await alice.leg.stopPlaying();
    expect(await music).toBe(false);
    await Promise.all([alice.telephone.hears([900], [1000]), bob.telephone.hears([500])]);
  });

  it('are on hold when they say so, and no more when they say otherwise', async () => {
    const { leg, telephone } = await calls('alice');
    await leg.accept(telephone.sdp({ direction: 'sendonly' }));
    expect(leg.holding.byPeer).toBe(true);
    await leg.accept(telephone.sdp());
    expect(leg.holding.byPeer).toBe(false);
  });

  it('are heard by nobody while muted', async () => {
    const [alice, bob] = [await calls('alice'), await calls('bob')];
    await together(alice.leg, bob.leg);
    const producer = alice.leg.sources[0]?.producer;
    let said = 0;
    /** Resolves when the worker has taken all of it, muted or not. */
    const says = async (octet: number) => {
      alice.telephone.peer.sendFrames(5, { payload: Buffer.alloc(160, octet) }, said + 1);
      said += 5;
      await expect.poll(async () => (await producer?.getStats())?.[0]?.packetCount).toBe(said);
    };
    await says(0x22);
    await alice.leg.mute('audio', true);
    await says(0x33);
    await alice.leg.mute('audio', false);
    await says(0x44);
    const heard = await bob.telephone.peer.hears(10);
    expect(heard.map(({ payload }) => payload[0])).toEqual([0x22, 0x44].flatMap((octet) => Array(5).fill(octet)));
  });

  it('[RFC 4733] tell the digits that are pressed, and press what they are told', async () => {
    const [alice, bob] = [await calls('alice'), await calls('bob')];
    const digits: string[] = [];
    bob.leg.on('dtmf', (digit) => digits.push(digit));
    // What is pressed at alice's edge goes to a peer that is bob's telephone.
    alice.telephone.peer.socket.on('message', (datagram) => bob.telephone.peer.send(datagram));
    await alice.leg.press('42#');
    while (digits.length < 3) await once(bob.leg as never, 'dtmf');
    expect(digits).toEqual(['4', '2', '#']);
  });

  it('go on over another worker when theirs died, without a new offer', async () => {
    const [alice, bob] = [await calls('alice'), await calls('bob')];
    await together(alice.leg, bob.leg);
    alice.telephone.hums(500);
    bob.telephone.hums(900);
    await alice.telephone.hears([900]);
    const died = once(pool as never, 'died');
    process.kill(pool.load()[0]?.pid ?? 0, 'SIGKILL');
    await died;
    placement = await pool.createRouter([...ROUTER_CODECS]);
    for (const { leg } of [alice, bob]) await leg.move(placement);
    await together(alice.leg, bob.leg);
    await Promise.all([alice.telephone.hears([900], [500]), bob.telephone.hears([500], [900])]);
  });
});

describe('a telephone whose worker is dead', () => {
  it('is answered all the same, and heard in what it was answered with once it is moved', async () => {
    const [alice, bob] = [await calls('alice'), await calls('bob')];
    await alice.leg.accept(alice.telephone.sdp({ codecs: ['G722'] }));
    const died = once(pool as never, 'died');
    process.kill(pool.load()[0]?.pid ?? 0, 'SIGKILL');
    await died;
    expect(await alice.leg.accept(alice.telephone.sdp())).toMatch(/^m=audio \d+ RTP\/AVP 0 101\r$/m);
    placement = await pool.createRouter([...ROUTER_CODECS]);
    for (const { leg } of [alice, bob]) await leg.move(placement);
    await together(alice.leg, bob.leg);
    alice.telephone.hums(500);
    bob.telephone.hums(900);
    await Promise.all([alice.telephone.hears([900], [500]), bob.telephone.hears([500], [900])]);
  });
});

describe('the quality of a leg', () => {
  it('[B8] is told with what both sides measured, and silence is noticed', async () => {
    const { leg, telephone } = await calls('alice', { qualityEveryMs: 200 });
    const connected = once(leg as never, 'connected');
    telephone.hums(500);
    await connected;
    const quality = await leg.stats();
    expect(quality.silent).toBe(false);
    let { levelDbov } = quality;
    while (levelDbov === null) [{ levelDbov }] = (await once(leg as never, 'quality')) as [LegQuality];
    // A sine of 8,000, of 32,768 at most.
    expect(levelDbov).toBeCloseTo(10 * Math.log10((8_000 / 32_768) ** 2 / 2), 0);
    const interrupted = once(leg as never, 'interrupted');
    telephone.quiet();
    await interrupted;
    expect((await leg.stats()).silent).toBe(true);
  });

  it('counts what is lost', async () => {
    const { leg, telephone } = await calls('alice', { qualityEveryMs: 60_000 });
    telephone.peer.sendFrames(50);
    telephone.peer.sendFrames(50, {}, 101);
    telephone.peer.sendFrames(1, {}, 151);
    let packets = 0;
    let lost = 0;
    while (packets < 101) {
      const { received } = await leg.stats();
      packets += received.audio?.packets ?? 0;
      lost += (received.audio?.loss ?? 0) * ((received.audio?.packets ?? 0) / (1 - (received.audio?.loss ?? 0)));
    }
    expect(Math.round(lost)).toBe(50);
  });
});

describe('a leg of a telephone', () => {
  it('refuses an offer that it cannot take, and stays as it was', async () => {
    const { leg, telephone } = await calls('alice');
    await expect(leg.accept('v=0\r\n')).rejects.toThrow();
    await expect(leg.accept(telephone.sdp().replace('RTP/AVP', 'RTP/SAVP'))).rejects.toThrow('SRTP');
    const stranger = await RtpPeer.open('127.0.0.9');
    stranger.sendsTo(Number(/m=audio (\d+)/.exec(await leg.accept(telephone.sdp()))?.[1])).sendFrames(10);
    const bob = await calls('bob');
    await together(leg, bob.leg);
    telephone.hums(500);
    await bob.telephone.hears([500]);
    await stranger.close();
  });

  it('makes one offer at a time', async () => {
    const leg = await createRtpLeg({ id: 'alice', placement, edge });
    const telephone = await Telephone.open();
    await expect(leg.answer(telephone.sdp())).rejects.toMatchObject({ reason: 'not-offering' });
    await leg.offer();
    await expect(leg.offer()).rejects.toMatchObject({ reason: 'offering' });
    await expect(leg.accept(telephone.sdp())).rejects.toMatchObject({ reason: 'offering' });
    leg.withdraw();
    await leg.accept(telephone.sdp());
    leg.close();
    leg.close();
    await expect(leg.offer()).rejects.toMatchObject({ reason: 'closed' });
    await telephone.close();
  });

  it('asks for a new offer when the room speaks what it does not', async () => {
    const { leg } = await calls('alice');
    const needed = once(leg as never, 'offerNeeded');
    leg.speak('G722');
    await needed;
    expect(await leg.offer()).toMatch(/^m=audio \d+ RTP\/AVP 9 101\r$/m);
  });

  it('may join before it said what it speaks: a room of two that have PCMU alone speaks PCMU', async () => {
    const room = await roomOn(pool);
    onTestFinished(() => room.close());
    const [alice, bob] = [await Telephone.open(), await Telephone.open()];
    const offersNeeded: string[] = [];
    for (const [id, telephone] of Object.entries({ alice, bob })) {
      const leg = await createRtpLeg({ id, placement: room.placement, edge });
      onTestFinished(async () => {
        leg.close();
        await telephone.close();
      });
      await room.join(leg);
      telephone.calls(await leg.accept(telephone.sdp()));
      leg.on('offerNeeded', () => offersNeeded.push(id));
      expect(leg.audioCodecs).toEqual(['PCMU']);
    }
    alice.hums(500);
    bob.hums(900);
    await Promise.all([alice.hears([900], [500]), bob.hears([500], [900])]);
    expect(offersNeeded).toEqual([]);
  });

  it('is offered all at first, the room’s codec before others, and taken with what it offers', async () => {
    const leg = await createRtpLeg({ id: 'alice', placement, edge });
    const telephone = await Telephone.open();
    leg.speak('G722');
    expect(await leg.offer()).toMatch(/^m=audio \d+ RTP\/AVP 9 0 8 101\r$/m);
    await leg.answer(telephone.sdp());
    expect(leg.audioCodecs).toEqual(['PCMU']);
    expect(await leg.accept(telephone.sdp())).toMatch(/^m=audio \d+ RTP\/AVP 0 101\r$/m);
    leg.close();
    await telephone.close();
  });

  it('leaves nothing behind, in whatever order all is closed', async () => {
    const legs = await Promise.all(
      Array.from({ length: 8 }, (_, at) => createRtpLeg({ id: String(at), placement, edge })),
    );
    const offers = legs.map((leg) => leg.offer());
    legs.forEach((leg) => leg.close());
    await Promise.allSettled(offers);
    await expect.poll(() => edge.size).toBe(0);
    await expect.poll(async () => (await placement.router.dump()).transportIds.length).toBe(0);
  });

  it('is played to in packets as long as its SDP says', async () => {
    const { leg, telephone } = await calls('alice');
    await edge.load('tone', await soundOf({ tone: { frequencies: [500], onMs: 300, offMs: 0 } }));
    await leg.accept(`${telephone.sdp()}a=ptime:30\r\n`);
    expect(await leg.play(['tone'])).toBe(true);
    const heard = await telephone.peer.hears(10);
    expect(heard.map(({ payload }) => payload.length)).toEqual(Array.from({ length: 10 }, () => 240));
  });

  it('fails when the edge is gone', async () => {
    const { leg } = await calls('alice');
    const failed = once(leg as never, 'failed');
    await edge.close();
    expect(await failed).toEqual(['worker']);
    await expect(leg.stats()).rejects.toMatchObject({ name: 'LegError', reason: 'closed' });
  });
});
