import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MediaEdge } from '../../media/edge/edge.ts';
import type { Room } from '../../media/room.ts';
import { createRtpLeg, type RtpLegOptions, type TelephoneLeg } from '../../media/rtpLeg.ts';
import type { WorkerPool } from '../../media/workers/workerPool.ts';
import { settings } from '../support/media/edgeStage.ts';
import { roomOn, startPool } from '../support/media/roomStage.ts';
import { Telephone } from '../support/media/telephone.ts';

let pool: WorkerPool;
let edge: MediaEdge;
let room: Room;

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
});
afterEach(() => room.close());

interface Party {
  leg: TelephoneLeg;
  telephone: Telephone;
  /** How often `offerNeeded` was told. */
  asked: () => number;
}

/** A telephone with which nothing is agreed on, and which is in no room. */
async function party(id: string, options: Partial<RtpLegOptions> = {}): Promise<Party> {
  const telephone = await Telephone.open();
  const leg = await createRtpLeg({ id, placement: room.placement, edge, ...options });
  let asked = 0;
  leg.on('offerNeeded', () => (asked += 1));
  onTestFinished(async () => {
    leg.close();
    await telephone.close();
  });
  return { leg, telephone, asked: () => asked };
}

/** One that called, and is in the room. */
async function calls(id: string): Promise<Party> {
  const caller = await party(id);
  caller.telephone.calls(await caller.leg.accept(caller.telephone.sdp()));
  await room.join(caller.leg);
  return caller;
}

const audioLine = (sdp: string) => /^m=audio .*(?=\r$)/m.exec(sdp)?.[0].replace(/audio \d+/, 'audio');
const version = (sdp: string) => Number(/^o=\S+ \d+ (\d+) /m.exec(sdp)?.[1]);
const sessionId = (sdp: string) => /^o=\S+ (\d+) /m.exec(sdp)?.[1];

describe('a telephone that answers with another codec than its room speaks by then', () => {
  it.each(['before the offer', 'while the offer is under way'])(
    'is offered once more, and heard: it joined %s',
    async (joined) => {
      const [alice, bob] = [await calls('alice'), await calls('bob')];
      const carol = await party('carol');
      if (joined === 'before the offer') await room.join(carol.leg);
      expect(audioLine(await carol.leg.offer())).toBe('m=audio RTP/AVP 0 8 9 101');
      if (joined !== 'before the offer') await room.join(carol.leg);
      expect(carol.asked()).toBe(0);
      await carol.leg.answer(carol.telephone.sdp({ codecs: ['G722', 'PCMU'] }));
      await room.change('carol', {});
      expect(carol.asked()).toBe(1);
      const offer = await carol.leg.offer();
      expect(audioLine(offer)).toBe('m=audio RTP/AVP 0 8 101');
      await carol.leg.answer(carol.telephone.calls(offer).sdp());
      [alice, bob, carol].forEach(({ telephone }, at) => telephone.hums(500 + 400 * at));
      await Promise.all([
        alice.telephone.hears([900, 1300], [500]),
        bob.telephone.hears([500, 1300], [900]),
        carol.telephone.hears([500, 900], [1300]),
      ]);
      expect([alice.asked(), bob.asked(), carol.asked()]).toEqual([0, 0, 1]);
    },
  );

  it('is offered once more when a telephone of PCMU alone joined while it was offered G722', async () => {
    const [alice, carol] = [await party('alice'), await party('carol')];
    for (const { leg, telephone } of [alice, carol]) {
      telephone.calls(await leg.accept(telephone.sdp({ codecs: ['PCMU', 'G722'] })));
      await room.join(leg);
    }
    await room.change('alice', {});
    expect([alice.asked(), carol.asked()]).toEqual([1, 1]);
    expect(audioLine(await carol.leg.offer())).toBe('m=audio RTP/AVP 9 101');
    const bob = await calls('bob');
    await carol.leg.answer(carol.telephone.sdp({ codecs: ['G722'] }));
    await room.change('carol', {});
    expect(carol.asked()).toBe(2);
    expect(audioLine(await carol.leg.offer())).toBe('m=audio RTP/AVP 0 8 101');
    await carol.leg.answer(carol.telephone.sdp());
    carol.telephone.hums(500);
    bob.telephone.hums(900);
    await Promise.all([carol.telephone.hears([900], [500]), bob.telephone.hears([500], [900])]);
    expect(carol.asked()).toBe(2);
  });

  it('[RFC 3264 7] is heard in each law of G.711 that its answer names', async () => {
    const [alice, bob] = [await party('alice'), await calls('bob')];
    await room.join(alice.leg);
    alice.telephone.calls(await alice.leg.offer());
    // It names PCMA first, and sends PCMU.
    await alice.leg.answer(alice.telephone.sdp({ codecs: ['PCMA', 'PCMU'] }));
    expect(alice.leg.audioCodecs[0]).toBe('PCMA');
    alice.telephone.hums(500);
    await bob.telephone.hears([500]);
  });

  it('is left alone where it may be offered nothing else', async () => {
    const { leg, telephone, asked } = await party('carol', { codecs: ['G722'] });
    leg.speak('PCMU');
    await leg.accept(telephone.sdp({ codecs: ['G722'] }));
    leg.speak('PCMA');
    await leg.receive([]);
    expect(asked()).toBe(0);
  });
});

describe('an offer that was withdrawn', () => {
  it('is not asked for again by itself, but when the room wants it once more', async () => {
    const { leg, asked } = await calls('alice');
    await room.leave('alice');
    leg.speak('G722');
    await leg.receive([]);
    expect(asked()).toBe(1);
    await leg.offer();
    leg.withdraw();
    await leg.receive([]);
    expect(asked()).toBe(1);
    leg.speak('PCMU');
    leg.speak('G722');
    await leg.receive([]);
    expect(asked()).toBe(2);
  });

  it('leaves the one owed that came up while it was under way', async () => {
    const { leg, asked } = await calls('alice');
    await room.leave('alice');
    expect(audioLine(await leg.offer())).toBe('m=audio RTP/AVP 0 8 101');
    leg.speak('G722');
    await leg.receive([]);
    expect(asked()).toBe(0);
    leg.withdraw();
    await leg.receive([]);
    expect(asked()).toBe(1);
    expect(audioLine(await leg.offer())).toBe('m=audio RTP/AVP 9 101');
  });

  it('[RFC 3264 8] had a version, which another one does not have', async () => {
    const { leg, telephone } = await party('alice');
    const first = await leg.offer();
    leg.withdraw();
    expect(await leg.offer()).toBe(first);
    leg.withdraw();
    leg.speak('G722');
    const second = await leg.offer();
    expect(audioLine(second)).not.toBe(audioLine(first));
    expect([version(second), sessionId(second)]).toEqual([version(first) + 1, sessionId(first)]);
    await leg.answer(telephone.sdp({ codecs: ['G722'] }));
    const accepted = await leg.accept(telephone.sdp({ codecs: ['G722'] }));
    expect(version(accepted)).toBe(version(second) + 1);
    // A session that is refreshed (RFC 4028 7.4) is answered under the version that it has.
    expect(await leg.accept(telephone.sdp({ codecs: ['G722'] }))).toBe(accepted);
  });
});

describe('[RFC 3264 8] a telephone with a picture, or a fax, beside its sound', () => {
  it.each([
    ['a picture', 'm=video 9078 RTP/AVP 97\r\na=rtpmap:97 H264/90000\r\n', 'm=video 0 RTP/AVP 97'],
    ['a fax', 'm=image 4500 udptl t38\r\n', 'm=image 0 udptl t38'],
  ])('finds its m-lines in our offers where they were: %s', async (_what, before, refused) => {
    const [alice, bob] = [await party('alice'), await calls('bob')];
    const offer = (sdp: string) => sdp.replace('m=audio', `${before}m=audio`);
    const lines = (sdp: string) => sdp.match(/^m=.*(?=\r$)/gm)?.map((line) => line.replace(/audio \d+/, 'audio'));
    alice.telephone.calls(await alice.leg.accept(offer(alice.telephone.sdp())));
    await room.join(alice.leg);
    const sound = 'm=audio RTP/AVP 0 8 101';
    expect(lines(await alice.leg.offer())).toEqual([refused, sound]);
    await expect(alice.leg.answer(alice.telephone.sdp())).rejects.toThrow('2 sections');
    await alice.leg.answer(alice.telephone.sdp().replace('m=audio', `${refused}\r\nm=audio`));
    expect(lines(await alice.leg.offer())).toEqual([refused, sound]);
    alice.telephone.hums(500);
    bob.telephone.hums(900);
    await Promise.all([alice.telephone.hears([900], [500]), bob.telephone.hears([500], [900])]);
  });
});

describe('[RFC 3264 8.4] a telephone that the service holds', () => {
  const direction = (sdp: string) => /^a=(sendrecv|sendonly|recvonly|inactive)\r$/m.exec(sdp)?.[1];

  it('is told so, and so it is when it is resumed; nothing of it passes from the first moment on', async () => {
    const { leg, telephone, asked } = await calls('alice');
    const bob = await calls('bob');
    const saying = (octet: number) => ({ payload: Buffer.alloc(160, octet) });
    const { withheld } = await edge.count();
    await leg.hold();
    telephone.peer.sendFrames(5, saying(0x33));
    await expect.poll(async () => (await edge.count()).withheld - withheld).toBe(5);
    expect(asked()).toBe(1);
    expect(direction(await leg.offer())).toBe('sendonly');
    await leg.answer(telephone.sdp({ direction: 'recvonly' }));
    expect(leg.holding).toEqual({ byService: true, byPeer: false });
    expect(asked()).toBe(1);
    await leg.resume();
    expect(asked()).toBe(2);
    expect(direction(await leg.offer())).toBe('sendrecv');
    await leg.answer(telephone.sdp());
    telephone.peer.sendFrames(5, saying(0x44), 6);
    const heard = await bob.telephone.peer.hears(5);
    expect(new Set(heard.map(({ payload }) => payload[0]))).toEqual(new Set([0x44]));
    expect(asked()).toBe(2);
  });

  it('and holds as well, is sent nothing until both go on', async () => {
    const { leg, telephone } = await calls('alice');
    const accept = async (said: string) => direction(await leg.accept(telephone.sdp({ direction: said })));
    const offer = async (answer: string) => {
      const said = direction(await leg.offer());
      await leg.answer(telephone.sdp({ direction: answer }));
      return said;
    };
    expect(await accept('sendonly')).toBe('recvonly');
    await leg.hold();
    expect(await offer('inactive')).toBe('inactive');
    expect(leg.holding).toEqual({ byService: true, byPeer: true });
    await leg.resume();
    expect(await offer('sendonly')).toBe('recvonly');
    expect(leg.holding).toEqual({ byService: false, byPeer: true });
    await leg.hold();
    expect(await offer('inactive')).toBe('inactive');
    expect(await accept('sendrecv')).toBe('sendonly');
    expect(await accept('sendonly')).toBe('inactive');
    expect(await accept('recvonly')).toBe('sendonly');
    await leg.resume();
    expect(await offer('sendrecv')).toBe('sendrecv');
    expect(leg.holding).toEqual({ byService: false, byPeer: false });
  });

  it('and resumes before it answered, is offered that next', async () => {
    const { leg, telephone, asked } = await calls('alice');
    await leg.hold();
    await leg.offer();
    await leg.resume();
    expect(asked()).toBe(1);
    await leg.answer(telephone.sdp({ direction: 'recvonly' }));
    expect(asked()).toBe(2);
    expect(direction(await leg.offer())).toBe('sendrecv');
  });

  it('is told with the first offer, or answer, and with the next codec', async () => {
    const [alice, bob] = [await party('alice'), await party('bob')];
    for (const { leg } of [alice, bob]) await leg.hold();
    expect(direction(await alice.leg.offer())).toBe('sendonly');
    await alice.leg.answer(alice.telephone.sdp({ direction: 'recvonly' }));
    expect(direction(await bob.leg.accept(bob.telephone.sdp()))).toBe('sendonly');
    expect([alice.asked(), bob.asked()]).toEqual([0, 0]);
    alice.leg.speak('G722');
    const offer = await alice.leg.offer();
    expect([audioLine(offer), direction(offer)]).toEqual(['m=audio RTP/AVP 9 101', 'sendonly']);
  });
});
