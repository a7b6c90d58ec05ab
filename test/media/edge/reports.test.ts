import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BEGINNING, Reception } from '../../../media/edge/reception.ts';
import { Reports } from '../../../media/edge/reports.ts';
import { Restamper, type Stamp } from '../../../media/edge/restamp.ts';
import { readRtcp, roundTripOf, writeReport } from '../../../media/edge/rtcp.ts';
import { EdgeStage, HEARD } from '../../support/media/edgeStage.ts';

/** Takes packets that come every 20 ms, as numbered. */
function received(sequences: readonly number[], first = sequences[0] ?? 0): Reception {
  const reception = new Reception(1, first & 0xffff, 8_000);
  sequences.forEach((sequence, at) => reception.count(sequence & 0xffff, sequence * 160, 160, at * 20));
  return reception;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe('[RFC 3550 A.1, A.3] losses', () => {
  it('are those that were expected and did not come', () => {
    const reception = received([...range(1, 50), ...range(60, 101)]);
    expect(reception.since(BEGINNING)).toMatchObject({ expected: 100, received: 90, lost: 10 });
  });

  it('are none where packets come in another order, or go round', () => {
    expect(received([1, 3, 2, 5, 4]).lost).toBe(0);
    const reception = received(range(65_500, 65_600));
    expect(reception.lost).toBe(0);
    expect(reception.extendedHighest).toBe(65_599);
  });

  it('begin at 0 as well as anywhere', () => {
    expect(received(range(0, 10)).since(BEGINNING)).toMatchObject({ expected: 10, lost: 0 });
  });

  it('of an interval are never negative, though packets come twice', () => {
    const reception = received([1, 2, 2, 2, 3]);
    expect(reception.lost).toBe(-2);
    expect(reception.since(BEGINNING).lost).toBe(0);
  });

  it('are none where a sender begins anew; its first packet is not believed alone', () => {
    const reception = received([...range(1, 11), 40_000, 40_001, 40_002, ...range(40_003, 40_010)]);
    expect(reception.since(BEGINNING)).toMatchObject({ received: 19, lost: 0 });
  });

  it('are told for each reader of intervals by itself', () => {
    const reception = received(range(1, 11));
    const mark = reception.mark();
    for (const sequence of [11, 13]) reception.count(sequence, sequence * 160, 160, sequence * 20);
    expect(reception.since(mark)).toMatchObject({ expected: 3, received: 2, lost: 1, octets: 320 });
  });
});

describe('[RFC 3550 A.8] jitter', () => {
  it('is none for packets that come as they were sent', () => {
    expect(received(range(1, 200)).jitterMs).toBeCloseTo(0, 6);
  });

  it('is the mean of what differs', () => {
    const reception = new Reception(1, 1, 8_000);
    for (let at = 1; at < 500; at += 1) reception.count(at, at * 160, 160, at * 20 + (at % 2) * 10);
    expect(reception.jitterMs).toBeCloseTo(10, 1);
  });

  it('does not leap when timestamps go round', () => {
    const reception = new Reception(1, 1, 8_000);
    for (let at = 0; at < 100; at += 1) reception.count(at + 1, (0xffff_ffff - 8_000 + at * 160) >>> 0, 160, at * 20);
    expect(reception.jitterMs).toBeCloseTo(0, 6);
  });
});

describe('[RFC 3550 6.4] reports', () => {
  afterEach(() => vi.useRealTimers());

  it('are read as they were written', () => {
    const block = { ssrc: 7, fractionLost: 64, lost: -3, extendedHighest: 70_000, jitter: 90, lastReport: 5, delay: 6 };
    const packet = writeReport(1, 'alice', { at: 1_763_000_000_123, timestamp: 99, packets: 5, octets: 800 }, [block]);
    expect(packet.length % 4).toBe(0);
    expect(readRtcp(packet, 7)).toMatchObject({ blocks: [block], goodbye: false });
    expect(readRtcp(packet, 8)?.blocks).toEqual([]);
  });

  it('tell the round trip of two edges', () => {
    vi.useFakeTimers({ now: 1_763_000_000_000 });
    const [alice, bob] = [new Reports(1, 'alice'), new Reports(2, 'bob')];
    const toBob = alice.write({ packets: 10, octets: 1_600, timestamp: 0 }, null);
    vi.advanceTimersByTime(40);
    bob.read(toBob);
    vi.advanceTimersByTime(3_000);
    const heard = new Reception(1, 1, 8_000);
    for (const sequence of [1, 2, 4]) heard.count(sequence, sequence * 160, 160, sequence * 20);
    const toAlice = bob.write({ packets: 0, octets: 0, timestamp: 0 }, heard);
    expect(toAlice[1]).toBe(201);
    vi.advanceTimersByTime(40);
    alice.read(toAlice);
    expect(alice.peer.roundTripMs).toBeCloseTo(80, 0);
    expect(alice.peer.loss).toBe(0.25);
  });

  it('tell no round trip that cannot be', () => {
    const block = { ssrc: 1, fractionLost: 0, lost: 0, extendedHighest: 0, jitter: 0, lastReport: 0, delay: 0 };
    expect(roundTripOf(block, 1_763_000_000_000)).toBeNull();
    expect(roundTripOf({ ...block, lastReport: 0x1234_5678 }, 1_763_000_000_000)).toBeNull();
  });

  it.each(range(0, 60))('that are cut off after %i octets are refused, not thrown over', (length) => {
    const block = { ssrc: 7, fractionLost: 0, lost: 0, extendedHighest: 0, jitter: 0, lastReport: 0, delay: 0 };
    const sender = { at: 0, timestamp: 0, packets: 0, octets: 0 };
    const packet = writeReport(1, 'alice', sender, [block]).subarray(0, length);
    expect(readRtcp(packet, 7) === null).toBe(length !== 52);
  });
});

describe('one stream made of several', () => {
  const stamp = (ssrc: number, sequence: number, timestamp: number): Stamp => ({
    marker: false,
    ssrc,
    sequence,
    timestamp,
  });

  it('keeps the losses and the order of its source', () => {
    const stamps = new Restamper(9);
    const numbers = [10, 11, 14, 13].map((sequence) => {
      const packet = stamp(1, sequence, sequence * 160);
      expect(stamps.forward(packet, sequence * 20)).toBe(true);
      return packet.sequence;
    });
    expect(numbers.map((number) => number - (numbers[0] as number))).toEqual([0, 1, 4, 3]);
  });

  it('goes on with the clock when its source changes, and drops what comes late of the old one', () => {
    const stamps = new Restamper(9);
    const [first, second, third] = [stamp(1, 500, 80_000), stamp(2, 7, 1_000), stamp(1, 499, 79_840)];
    stamps.forward(first, 0);
    stamps.forward(second, 1_000);
    expect([second.sequence - first.sequence, (second.timestamp - first.timestamp) | 0]).toEqual([1, 8_000]);
    expect([first.ssrc, second.ssrc, second.marker]).toEqual([9, 9, true]);
    const late = stamp(2, 5, 700);
    expect(stamps.forward(late, 1_020)).toBe(false);
    stamps.forward(third, 1_040);
    expect(third.sequence - second.sequence).toBe(1);
  });

  it('goes on through sound that is made here, digits, and sound of a source', () => {
    const stamps = new Restamper(9);
    const all: Stamp[] = [];
    const push = (packet: Stamp) => all.push({ ...packet });
    const made = stamp(0, 0, 0);
    for (const now of [0, 20, 40]) {
      stamps.make(made, now);
      push(made);
    }
    const began = stamps.timestampAt(60);
    for (const [at, marker] of [
      [60, true],
      [80, false],
    ] as const) {
      made.marker = marker;
      stamps.event(made, began, at);
      push(made);
    }
    const forwarded = stamp(4, 60_000, 5);
    stamps.forward(forwarded, 160);
    push(forwarded);
    expect(all.map(({ sequence }) => (sequence - (all[0]?.sequence ?? 0)) & 0xffff)).toEqual([0, 1, 2, 3, 4, 5]);
    const ticks = all.map(({ timestamp }) => (timestamp - (all[0]?.timestamp ?? 0)) | 0);
    expect(ticks).toEqual([0, 160, 320, 480, 480, 1_280]);
    expect(all.map(({ marker }) => marker)).toEqual([true, false, false, true, false, true]);
  });
});

describe('RTCP of a leg', () => {
  let stage: EdgeStage;
  beforeEach(() => {
    stage = new EdgeStage({ reportEvery: 100 });
  });
  afterEach(() => stage.close());

  it('tells the telephone what was sent and heard, on the port of RTP where it is shared', async () => {
    const { telephone, room } = await stage.leg();
    telephone.sendFrames(10, { ssrc: 0x7e1 });
    telephone.sendFrames(10, { ssrc: 0x7e1 }, 16);
    room.sendFrames(7, { ssrc: HEARD });
    const report = await telephone.hearsRaw((datagram) => datagram[1] === 200 && (datagram[0] as number) > 0x80);
    expect(report.readUInt32BE(20)).toBe(7);
    expect(readRtcp(report, 0x7e1)?.blocks).toMatchObject([{ lost: 5, extendedHighest: 25 }]);
  });

  it('is read, from the port that was agreed on alone', async () => {
    const { leg, telephone, agreed } = await stage.leg();
    const rtcp = await stage.peer();
    const stranger = await stage.peer();
    await leg.negotiate({
      ...agreed,
      remote: { ...agreed.remote, rtcp: { address: '127.0.0.1', port: rtcp.port } },
    });
    const goodbye = once(leg, 'goodbye');
    for (const peer of [rtcp, stranger]) peer.sendsTo(leg.ports.rtcpPort);
    const block = { ssrc: 0, fractionLost: 128, lost: 9, extendedHighest: 0, jitter: 80, lastReport: 0, delay: 0 };
    telephone.sendFrames(1);
    const report = await rtcp.hearsRaw((datagram) => datagram[1] === 200 || datagram[1] === 201);
    const ssrc = report.readUInt32BE(4);
    stranger.send(writeReport(5, 'mallory', null, [{ ...block, ssrc, fractionLost: 255 }]));
    rtcp.send(writeReport(5, 'alice', null, [{ ...block, ssrc }]));
    rtcp.send(Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 5]));
    await goodbye;
    const { sent, counts } = await leg.measure();
    expect(sent).toMatchObject({ reportedLoss: 0.5, reportedJitterMs: 10 });
    expect(counts.strangers).toBe(1);
  });

  it('says goodbye when the leg is closed', async () => {
    const { leg, telephone, room } = await stage.leg();
    room.sendFrames(1, { ssrc: HEARD });
    await telephone.hears(1);
    const goodbye = telephone.hearsRaw((datagram) => datagram[1] === 201 && datagram.includes(203));
    await leg.close();
    expect(readRtcp(await goodbye, 0)?.goodbye).toBe(true);
  });
});
