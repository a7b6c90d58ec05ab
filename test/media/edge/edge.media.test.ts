import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReport } from '../../../media/edge/rtcp.ts';
import { linearTable, octetTable } from '../../../media/edge/g711.ts';
import { EdgeStage, HEARD, PRODUCED, roomOfTwo } from '../../support/media/edgeStage.ts';
import { rtpPacket, type HeardPacket } from '../../support/media/rtpPeer.ts';

let stage: EdgeStage;
beforeEach(() => {
  stage = new EdgeStage();
});
afterEach(() => stage.close());

const numbers = (packets: HeardPacket[]) => packets.map(({ sequence }) => sequence);
/** Every packet's number after the one before it. */
const followsOn = (packets: HeardPacket[]) =>
  numbers(packets).every((sequence, at, all) => at === 0 || sequence === (((all[at - 1] as number) + 1) & 0xffff));

describe('packets through the edge', () => {
  it('reach the room with its SSRC and payload type, none lost', async () => {
    const { leg, telephone, room } = await stage.leg({ payloadType: 96 });
    telephone.sendFrames(50, { payloadType: 96 });
    const heard = await room.hears(50);
    expect(new Set(heard.map(({ ssrc, payloadType }) => `${ssrc} ${payloadType}`))).toEqual(new Set([`${PRODUCED} 0`]));
    expect(followsOn(heard)).toBe(true);
    expect(heard.map(({ payload }) => payload[0])).toEqual(Array.from({ length: 50 }, (_, at) => at + 1));
    expect((await leg.measure()).counts).toMatchObject({ forwarded: 50, malformed: 0, strangers: 0, unexpected: 0 });
  });

  it('reach the telephone as one stream with the number it agreed on, none lost', async () => {
    const { leg, telephone, room } = await stage.leg({ payloadType: 96 });
    room.sendFrames(50, { ssrc: HEARD });
    const heard = await telephone.hears(50);
    expect(new Set(heard.map(({ payloadType }) => payloadType))).toEqual(new Set([96]));
    expect(new Set(heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    expect(heard[0]?.ssrc).not.toBe(HEARD);
    expect(followsOn(heard)).toBe(true);
    expect((await leg.measure()).counts.sent).toBe(50);
  });

  it('lose their header extensions on both ways', async () => {
    const { telephone, room } = await stage.leg();
    const fields = { sequence: 1, timestamp: 160, payload: Buffer.alloc(160, 7), extension: Buffer.alloc(8, 0x10) };
    telephone.send(rtpPacket(fields));
    room.send(rtpPacket({ ...fields, ssrc: HEARD }));
    for (const [packet] of [await room.hears(1), await telephone.hears(1)]) {
      expect(packet?.bare).toBe(true);
      expect(packet?.payload).toEqual(fields.payload);
    }
  });

  it('stay one stream when the telephone begins a new one', async () => {
    const { telephone, room } = await stage.leg();
    telephone.sendFrames(3, { ssrc: 1 }, 60_000);
    telephone.sendFrames(3, { ssrc: 2 }, 10);
    const heard = await room.hears(6);
    expect(followsOn(heard)).toBe(true);
    expect(heard[3]?.marker).toBe(true);
    expect(((heard[3]?.timestamp ?? 0) - (heard[2]?.timestamp ?? 0)) | 0).toBeGreaterThanOrEqual(160);
  });

  it('change from one law of G.711 to the other where the room speaks that', async () => {
    const { telephone, room } = await stage.leg({ codec: 'PCMA', payloadType: 8 });
    const sample = 12_000;
    const [mu, a] = [octetTable('PCMU')[sample] as number, octetTable('PCMA')[sample] as number];
    telephone.sendFrames(1, { payloadType: 8, payload: Buffer.alloc(160, a) });
    room.sendFrames(1, { ssrc: HEARD, payload: Buffer.alloc(160, mu) });
    const [[inwards], [outwards]] = [await room.hears(1), await telephone.hears(1)];
    expect(linearTable('PCMU')[inwards?.payload[9] ?? 0]).toBeCloseTo(sample, -3);
    expect(outwards?.payloadType).toBe(8);
    expect(linearTable('PCMA')[outwards?.payload[9] ?? 0]).toBeCloseTo(sample, -3);
  });

  it('of another payload type, or of no source of the room, pass nowhere', async () => {
    const { leg, telephone, room } = await stage.leg();
    telephone.sendFrames(5, { payloadType: 13 });
    room.sendFrames(5, { ssrc: 0xdead });
    telephone.sendFrames(1);
    room.sendFrames(1, { ssrc: HEARD });
    await Promise.all([room.hears(1), telephone.hears(1)]);
    const { counts } = await leg.measure();
    expect(counts).toMatchObject({ forwarded: 1, sent: 1, unexpected: 5, unknown: 5 });
  });

  it('that are no RTP are counted and dropped', async () => {
    const { leg, telephone, room } = await stage.leg();
    const good = rtpPacket({ sequence: 1, timestamp: 160, payload: Buffer.alloc(160) });
    const bad = [Buffer.alloc(0), Buffer.from('OPTIONS sip:x SIP/2.0'), good.subarray(0, 11), Buffer.alloc(172)];
    const tooLongExtension = Buffer.from(good);
    tooLongExtension[0] = 0x90;
    tooLongExtension.writeUInt16BE(0xffff, 14);
    for (const datagram of [...bad, tooLongExtension, good]) telephone.send(datagram);
    await room.hears(1);
    expect((await leg.measure()).counts).toMatchObject({ forwarded: 1, malformed: 5 });
  });

  it('beyond what a telephone may send are dropped', async () => {
    const slow = new EdgeStage({ packetsPerSecond: 10 });
    const { leg, telephone } = await slow.leg();
    telephone.sendFrames(100);
    await expect
      .poll(async () => Object.values((await leg.measure()).counts).reduce((sum, one) => sum + one))
      .toBe(100);
    const { counts } = await leg.measure();
    expect(counts.forwarded).toBeGreaterThanOrEqual(10);
    expect(counts.excess).toBe(100 - counts.forwarded);
    await slow.close();
  });

  it('of a leg on hold pass neither way, and do again after it', async () => {
    const { leg, telephone, room } = await stage.leg();
    await leg.hold(true);
    telephone.sendFrames(5);
    room.sendFrames(5, { ssrc: HEARD });
    while ((await leg.measure()).counts.withheld < 10);
    await leg.hold(false);
    telephone.sendFrames(1, {}, 6);
    room.sendFrames(1, { ssrc: HEARD }, 6);
    await Promise.all([room.hears(1), telephone.hears(1)]);
    expect([room.heard.length, telephone.heard.length]).toEqual([1, 1]);
  });

  it('that the room plays reach a leg on hold, alone and as they are', async () => {
    const { leg, telephone, room } = await stage.leg();
    const music = { ssrc: HEARD + 1, payloadType: 0, codec: 'PCMU', telephoneEvent: null, played: true } as const;
    const { produces, sources } = roomOfTwo();
    await leg.hold(true);
    await leg.joinRoom({ produces, sources: [...sources, music] });
    room.sendFrames(5, { ssrc: HEARD });
    const payload = Buffer.alloc(160, 0x33);
    room.sendFrames(5, { ssrc: music.ssrc, payload });
    const heard = await telephone.hears(5);
    expect(heard.map((one) => one.payload.equals(payload))).toEqual([true, true, true, true, true]);
    expect((await leg.measure()).counts.withheld).toBe(5);
  });
});

describe('a stranger', () => {
  it('passes nothing before, during and after a negotiation, and the leg does not move', async () => {
    const leg = await stage.edge.openLeg();
    const stranger = (await stage.peer('127.0.0.66')).sendsTo(leg.ports.port);
    const neighbour = (await stage.peer()).sendsTo(leg.ports.port);
    const room = await stage.peer();
    const telephone = (await stage.peer()).sendsTo(leg.ports.port);
    const strangersSend = () => [stranger, neighbour].forEach((peer) => peer.sendFrames(20));
    const counted = async (count: number) => {
      for (;;) {
        const { counts } = await leg.measure();
        if (counts.strangers >= count) return counts;
      }
    };
    room.sendsTo(await leg.connect(room.port));
    await leg.joinRoom(roomOfTwo());
    strangersSend();
    expect(await counted(40)).toMatchObject({ strangers: 40, forwarded: 0 });
    const remote = { address: '127.0.0.1', port: telephone.port, rtcp: null };
    const agreed = { remote, latching: null, codec: 'PCMU', payloadType: 0, ptime: 20, telephoneEvent: null } as const;
    const negotiating = leg.negotiate({ ...agreed, srtp: null, sends: true, receives: true });
    strangersSend();
    await negotiating;
    expect(await counted(80)).toMatchObject({ strangers: 80, forwarded: 0 });
    telephone.sendFrames(2);
    await room.hears(2);
    // From here on the kernel keeps them out: they are not even counted.
    strangersSend();
    telephone.sendFrames(1, {}, 3);
    await room.hears(3);
    expect(await counted(80)).toMatchObject({ strangers: 80, forwarded: 3 });
    await leg.negotiate(null);
    strangersSend();
    telephone.sendFrames(5, {}, 4);
    expect(await counted(125)).toMatchObject({ strangers: 125, forwarded: 3 });
    room.sendFrames(3, { ssrc: HEARD });
    while ((await leg.measure()).counts.withheld < 3);
    expect([stranger.raw.length, neighbour.raw.length, room.heard.length]).toEqual([0, 0, 3]);
  });

  it('is counted again once the telephone fell silent, which may have moved', async () => {
    const watchful = new EdgeStage({ reportEvery: 200 });
    const { leg, telephone, room } = await watchful.leg();
    telephone.sendFrames(1);
    await room.hears(1);
    const moved = (await watchful.peer()).sendsTo(telephone.target);
    while ((await leg.measure()).counts.strangers === 0) {
      moved.sendFrames(1);
      await telephone.hearsRaw((datagram) => datagram[1] === 201);
      telephone.raw.length = 0;
    }
    telephone.sendFrames(1, {}, 2);
    await room.hears(2);
    expect(moved.raw).toEqual([]);
    await watchful.close();
  });

  it('is kept out here where the telephone may reach us on several addresses', async () => {
    const everywhere = new EdgeStage({ address: '0.0.0.0' });
    const { leg, telephone, room } = await everywhere.leg();
    telephone.sendFrames(1);
    await room.hears(1);
    (await everywhere.peer()).sendsTo(telephone.target).sendFrames(5);
    telephone.sendsTo(telephone.target, '127.0.0.2').sendFrames(1, {}, 2);
    await room.hears(2);
    expect((await leg.measure()).counts).toMatchObject({ forwarded: 2, strangers: 5 });
    await everywhere.close();
  });

  it('is heard where a negotiation has moved the leg to, and the one who was there is not', async () => {
    const { leg, telephone, room, agreed } = await stage.leg();
    telephone.sendFrames(1);
    await room.hears(1);
    const other = (await stage.peer()).sendsTo(leg.ports.port);
    await leg.negotiate({ ...agreed, remote: { ...agreed.remote, port: other.port } });
    telephone.sendFrames(5, {}, 2);
    other.sendFrames(1, { ssrc: 2 });
    await room.hears(2);
    room.sendFrames(3, { ssrc: HEARD });
    await other.hears(3);
    expect([room.heard.length, telephone.heard.length]).toEqual([2, 0]);
    expect((await leg.measure()).counts).toMatchObject({ forwarded: 2, strangers: 5 });
  });

  it("cannot speak from the room's side either", async () => {
    const { leg, telephone, room } = await stage.leg();
    const stranger = (await stage.peer()).sendsTo(room.target);
    stranger.sendFrames(5, { ssrc: HEARD, payload: Buffer.alloc(160, 0x66) });
    room.sendFrames(1, { ssrc: HEARD });
    const [first] = await telephone.hears(1);
    expect(first?.payload[0]).toBe(1);
    expect((await leg.measure()).counts.sent).toBe(1);
  });
});

describe('latching, where it was asked for', () => {
  it('follows the first packet of the address that was told, once', async () => {
    const { leg, telephone, room, agreed } = await stage.leg();
    await leg.negotiate({ ...agreed, latching: { addresses: ['127.0.0.7'] } });
    const moved = (await stage.peer('127.0.0.7')).sendsTo(leg.ports.port);
    const later = (await stage.peer('127.0.0.7')).sendsTo(leg.ports.port);
    const other = (await stage.peer('127.0.0.8')).sendsTo(leg.ports.port);
    const latched = once(leg, 'latched');
    other.sendFrames(3);
    moved.send(Buffer.from('no RTP at all, so it moves nothing'));
    moved.sendFrames(1, { payloadType: 77 });
    moved.sendFrames(3);
    expect(await latched).toEqual(['127.0.0.7', moved.port]);
    later.sendFrames(3);
    telephone.sendFrames(3);
    await room.hears(3);
    room.sendFrames(2, { ssrc: HEARD });
    await moved.hears(2);
    // What is negotiated again, unchanged, does not move it back.
    await leg.negotiate({ ...agreed, latching: { addresses: ['127.0.0.7'] } });
    room.sendFrames(2, { ssrc: HEARD }, 3);
    await moved.hears(4);
    expect([room.heard.length, later.heard.length, telephone.heard.length, other.heard.length]).toEqual([3, 0, 0, 0]);
  });
});

describe('a telephone that was heard where it was negotiated to be, with latching', () => {
  // A socket for every address is not tied to its peer: strangers come as far as the gate, and are counted.
  let everywhere: EdgeStage;
  beforeEach(() => {
    everywhere = new EdgeStage({ address: '0.0.0.0' });
  });
  afterEach(() => everywhere.close());

  const latching = { addresses: ['127.0.0.1'] };

  it('is not taken over from another port of the same address, as other calls of a border controller have it', async () => {
    const { leg, telephone, room } = await everywhere.leg({ latching });
    const moves: number[] = [];
    leg.on('latched', (_address, port) => moves.push(port));
    telephone.sendFrames(1);
    await room.hears(1);
    const thief = (await everywhere.peer()).sendsTo(telephone.target);
    thief.sendFrames(5, { ssrc: 0x7777 });
    telephone.sendFrames(20, {}, 2);
    await room.hears(21);
    room.sendFrames(3, { ssrc: HEARD });
    await telephone.hears(3);
    expect([moves, thief.raw, room.heard.length]).toEqual([[], [], 21]);
    expect((await leg.measure()).counts).toMatchObject({ forwarded: 21, strangers: 5 });
  });

  it('may begin anew there under another SSRC', async () => {
    const { telephone, room } = await everywhere.leg({ latching });
    telephone.sendFrames(3, { ssrc: 1 }, 60_000);
    telephone.sendFrames(3, { ssrc: 2 }, 10);
    expect(followsOn(await room.hears(6))).toBe(true);
  });

  it('is followed again once another place was negotiated', async () => {
    const { leg, telephone, room, agreed } = await everywhere.leg({ latching });
    telephone.sendFrames(1);
    await room.hears(1);
    const moved = (await everywhere.peer()).sendsTo(telephone.target);
    const latched = once(leg, 'latched');
    await leg.negotiate({ ...agreed, remote: { ...agreed.remote, port: 9 } });
    moved.sendFrames(1, { ssrc: 2 });
    expect(await latched).toEqual(['127.0.0.1', moved.port]);
    await room.hears(2);
  });

  it('is tied to, so that the kernel keeps others out', async () => {
    const { leg, telephone, room } = await stage.leg({ latching });
    telephone.sendFrames(1);
    await room.hears(1);
    (await stage.peer()).sendsTo(telephone.target).sendFrames(5);
    telephone.sendFrames(1, {}, 2);
    await room.hears(2);
    expect((await leg.measure()).counts).toMatchObject({ forwarded: 2, strangers: 0 });
  });
});

describe('RTCP on a port of its own', () => {
  it('that is too much is counted as that, and what is of somebody else as a stranger’s', async () => {
    const slow = new EdgeStage({ packetsPerSecond: 1 });
    const leg = await slow.edge.openLeg();
    const [telephone, stranger] = [await slow.peer(), await slow.peer()];
    for (const peer of [telephone, stranger]) peer.sendsTo(leg.ports.rtcpPort);
    const remote = { address: '127.0.0.1', port: 9, rtcp: { address: '127.0.0.1', port: telephone.port } };
    const agreed = { remote, latching: null, codec: 'PCMU', payloadType: 0, ptime: 20, telephoneEvent: null } as const;
    await leg.negotiate({ ...agreed, srtp: null, sends: true, receives: true });
    const report = writeReport(1, 'telephone', null, []);
    for (let sent = 0; sent < 20; sent += 1) telephone.send(report);
    await expect.poll(async () => (await leg.measure()).counts.excess).toBeGreaterThan(0);
    stranger.send(report);
    await expect.poll(async () => (await leg.measure()).counts.strangers).toBe(1);
    await slow.close();
  });
});

describe('[RFC 4733] digits', () => {
  it('of a telephone are told once a key, and do not reach the room', async () => {
    const { leg, telephone, room } = await stage.leg();
    const digits: string[] = [];
    leg.on('digit', (digit, ms) => digits.push(`${digit} ${ms}`));
    const event = (sequence: number, code: number, duration: number, end: boolean, marker = false) => {
      const payload = Buffer.from([code, end ? 0x8a : 0x0a, duration >> 8, duration & 0xff]);
      const timestamp = 160 * (sequence - (sequence % 10));
      telephone.send(rtpPacket({ payloadType: 101, sequence, timestamp, marker, payload }));
    };
    for (const [start, code] of [
      [10, 4],
      [20, 11],
    ] as const) {
      event(start, code, 160, false, true);
      event(start + 1, code, 320, false);
      for (const at of [2, 3, 4]) event(start + at, code, 800, true);
    }
    telephone.sendFrames(1, {}, 30);
    await room.hears(1);
    expect(room.heard).toHaveLength(1);
    expect(digits).toEqual(['4 100', '# 100']);
  });

  it('whose end was lost are told all the same', async () => {
    const { leg, telephone } = await stage.leg();
    const digit = once(leg, 'digit');
    const payload = Buffer.from([7, 0x0a, 1, 0x40]);
    telephone.send(rtpPacket({ payloadType: 101, sequence: 1, timestamp: 160, payload }));
    expect(await digit).toEqual(['7', 40]);
  });

  it('that are sent have one timestamp each, a marker, and three ends, in the stream of the sound', async () => {
    const { leg, telephone, room } = await stage.leg();
    room.sendFrames(2, { ssrc: HEARD });
    await telephone.hears(2);
    await leg.press('1#', 60);
    const events = (await telephone.hears(2 + 10)).slice(2);
    room.sendFrames(1, { ssrc: HEARD }, 30);
    while (telephone.heard.at(-1)?.payloadType === 101) {
      await telephone.hears(telephone.heard.length + 1);
    }
    expect(followsOn(telephone.heard)).toBe(true);
    expect(new Set(telephone.heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    const lines = events.map(({ payload, marker }) => [
      payload[0],
      marker,
      payload.readUInt16BE(2),
      (payload[1] as number) > 0x7f,
    ]);
    const key = (code: number) => [
      [code, true, 160, false],
      [code, false, 320, false],
      ...[1, 2, 3].map(() => [code, false, 480, true]),
    ];
    expect(lines).toEqual([...key(1), ...key(11)]);
    expect(new Set(events.slice(0, 5).map(({ timestamp }) => timestamp)).size).toBe(1);
    expect(((events[5]?.timestamp ?? 0) - (events[0]?.timestamp ?? 0)) | 0).toBeGreaterThan(480);
  });

  it('are refused where the peer does not speak telephone-event', async () => {
    const { leg } = await stage.leg({ telephoneEvent: null });
    await expect(leg.press('1')).rejects.toThrow('speaks no telephone-event');
  });
});

describe('legs', () => {
  it('have an even port and the one above it, each their own', async () => {
    const legs = await Promise.all([1, 2, 3].map(() => stage.edge.openLeg()));
    for (const { ports } of legs) expect([ports.port % 2, ports.rtcpPort - ports.port]).toEqual([0, 1]);
    expect(new Set(legs.map(({ ports }) => ports.port)).size).toBe(3);
  });

  it('are refused when the ports are all taken, or there are too many; closing one makes room', async () => {
    const small = new EdgeStage({ mostLegs: 2, ports: { from: 19_000, to: 19_009 } });
    const [first] = [await small.edge.openLeg(), await small.edge.openLeg()];
    await expect(small.edge.openLeg()).rejects.toThrow('carries 2 legs');
    await first.close();
    await small.edge.openLeg();
    await small.close();
    const narrow = new EdgeStage({ ports: { from: 19_010, to: 19_011 } });
    await narrow.edge.openLeg();
    await expect(narrow.edge.openLeg()).rejects.toThrow('All 1 pairs of media ports from 19010 on are taken');
    await narrow.close();
  });

  it('close once, and tell so; what is asked of them afterwards is refused', async () => {
    const { leg } = await stage.leg();
    const closed = once(leg, 'closed');
    await Promise.all([leg.close(), leg.close()]);
    await closed;
    expect(stage.edge.size).toBe(0);
    await expect(leg.measure()).rejects.toThrow('is closed');
  });

  it('close with their edge', async () => {
    const { leg } = await stage.leg();
    const playing = leg.play(['nothing']).catch((error: Error) => error.message);
    await stage.edge.close();
    expect(leg.closed).toBe(true);
    expect(await playing).toMatch(/closed|loaded/);
    await expect(stage.edge.openLeg()).rejects.toThrow('closed');
  });
});
