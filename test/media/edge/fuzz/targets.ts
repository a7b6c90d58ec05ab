import { EventEmitter } from 'node:events';
import type { Counts, LegNews } from '../../../../media/edge/messages.ts';
import { Pacer } from '../../../../media/edge/pacer.ts';
import { readRtcp, writeReport } from '../../../../media/edge/rtcp.ts';
import { blankRtpHeader, readRtp } from '../../../../media/edge/rtp.ts';
import { SrtpContext } from '../../../../media/edge/srtp.ts';
import { TelephoneLeg } from '../../../../media/edge/telephoneLeg.ts';
import type { Socket } from '../../../../media/edge/udp.ts';
import { readWav } from '../../../../media/sounds/wav.ts';
import type { FuzzTarget } from '../../../sip/fuzz/fuzz.ts';
import type { Random } from '../../../support/random.ts';
import { rtpPacket } from '../../../support/media/rtpPeer.ts';

const PEER = { address: '192.0.2.1', port: 5_000, family: 'IPv4', size: 0 };
const SSRC = 0x0a0b0c0d;
const SOURCE = 0x0d0c0b0a;
const material = Buffer.alloc(30, 0x5a);
const suite = 'AES_CM_128_HMAC_SHA1_80';

const octets = (random: Random, most: number) => Buffer.from(random.some(most, () => random.below(256)));

function rtp(random: Random): Buffer {
  return rtpPacket({
    payloadType: random.of([0, 8, 13, 72, 101, 127]),
    marker: random.chance(0.3),
    sequence: random.of([random.below(20), random.below(0x1_0000)]),
    timestamp: random.of([random.below(10) * 160, random.below(2 ** 32)]),
    ssrc: random.of([SSRC, SOURCE, random.below(2 ** 32)]),
    payload: random.chance(0.5) ? octets(random, 12) : Buffer.alloc(random.below(700), random.below(256)),
    ...(random.chance(0.3) && { extension: Buffer.alloc(4 * random.below(4), random.below(256)) }),
  });
}

function rtcp(random: Random): Buffer {
  const block = {
    ssrc: random.of([SSRC, random.below(2 ** 32)]),
    fractionLost: random.below(256),
    lost: random.below(2 ** 24) - 2 ** 23,
    extendedHighest: random.below(2 ** 32),
    jitter: random.below(2 ** 32),
    lastReport: random.below(2 ** 32),
    delay: random.below(2 ** 32),
  };
  const sender = { at: random.below(2 ** 40), timestamp: random.below(2 ** 32), packets: 1, octets: 2 };
  return writeReport(SSRC, 'x'.repeat(random.below(40)), random.chance(0.5) ? sender : null, [block]);
}

const generate = (random: Random) => (random.chance(0.7) ? rtp(random) : rtcp(random));
const seeds = () => [
  rtpPacket({ sequence: 1, timestamp: 160, ssrc: SSRC, payload: Buffer.alloc(160, 0xff) }),
  rtpPacket({ payloadType: 101, sequence: 2, timestamp: 320, ssrc: SSRC, payload: Buffer.from([5, 0x8a, 3, 0x20]) }),
];

/** The readers alone: what they say is within the packet. */
const readers: FuzzTarget = {
  name: 'rtp and rtcp',
  seeds,
  generate,
  run(bytes) {
    const header = blankRtpHeader();
    const news = readRtcp(bytes, SSRC);
    if (!readRtp(bytes, header)) return `none ${bytes.length < 12} ${(bytes[0] ?? 0) >> 4} ${news?.blocks.length}`;
    const { start, end } = header;
    if (start < 12 || start > end || end > bytes.length) throw new Error(`A payload from ${start} to ${end}.`);
    return `rtp ${start} ${bytes.length - end} ${header.payloadType} ${news?.goodbye}`;
  },
};

/** SRTP that nobody sealed is not opened; what is sealed is opened as it was. */
const srtp: FuzzTarget = {
  name: 'srtp',
  seeds,
  generate,
  run(bytes) {
    const [ours, theirs] = [new SrtpContext({ suite, material }), new SrtpContext({ suite, material })];
    if (theirs.openRtp(Buffer.from(bytes)) !== null || theirs.openRtcp(Buffer.from(bytes)) !== null)
      throw new Error('A forged packet was opened.');
    const packet = Buffer.from(bytes);
    const tag = ours.protectRtp(packet);
    const report = ours.protectRtcp(bytes);
    if (report !== null && theirs.openRtcp(report)?.equals(bytes) !== true) throw new Error('RTCP is not the same.');
    if (tag === null) return `none ${report === null} ${bytes.length % 50}`;
    const opened = theirs.openRtp(Buffer.concat([packet, tag]));
    if (opened?.equals(bytes) !== true) throw new Error('It is not the same again.');
    return `sealed ${report === null} ${bytes.length % 50}`;
  },
};

/** A socket that sends nowhere. */
class PaperSocket extends EventEmitter {
  sent = 0;

  send(): void {
    this.sent += 1;
  }

  connect(_port: number, _address: string, done: () => void): void {
    done();
  }

  connectSync(): void {}

  disconnect(): void {}

  close(): void {}

  getSendQueueCount(): number {
    return 0;
  }

  address() {
    return PEER;
  }
}

/** A whole leg: it counts each packet once, whoever it came from, and a stranger's goes nowhere. */
const leg: FuzzTarget = {
  name: 'a leg of the edge',
  seeds,
  generate,
  run(bytes, random) {
    const [outer, control, inner] = [new PaperSocket(), new PaperSocket(), new PaperSocket()];
    const news: LegNews[] = [];
    const pacer = new Pacer({ now: () => 0, after: () => ({ cancel: () => undefined }) });
    const one = new TelephoneLeg({
      rtp: outer as unknown as Socket,
      rtcp: control as unknown as Socket,
      inner: inner as unknown as Socket,
      innerAddress: '127.0.0.1',
      pacer,
      cname: 'fuzz',
      ssrc: SSRC,
      packetsPerSecond: 1_000,
      tell: (told) => news.push(told),
    });
    const law = random.of(['PCMU', 'PCMA', 'G722'] as const);
    const stream = { ssrc: SOURCE, payloadType: 0, codec: law, telephoneEvent: 101 };
    const second = random.chance(0.5) ? [{ ...stream, ssrc: SOURCE + 1 }] : [];
    void one.connect(1);
    one.joinRoom({ produces: { ...stream, telephoneEvent: null }, sources: [stream, ...second] });
    one.negotiate({
      remote: { address: PEER.address, port: PEER.port, rtcp: null },
      latching: random.chance(0.5) ? { addresses: ['192.0.2.7'] } : null,
      codec: law,
      payloadType: 0,
      ptime: random.of([10, 20, 30, 60]),
      telephoneEvent: { send: 101, receive: 101 },
      srtp: random.chance(0.2) ? { receive: { suite, material }, send: { suite, material } } : null,
      sends: random.chance(0.8),
      receives: random.chance(0.8),
    });
    outer.emit('message', Buffer.from(bytes), { ...PEER, address: '192.0.2.66' });
    if (inner.sent + outer.sent > 0) throw new Error("A stranger's packet went on.");
    outer.emit('message', Buffer.from(bytes), PEER);
    control.emit('message', Buffer.from(bytes), PEER);
    inner.emit('message', Buffer.from(bytes));
    outer.emit('message', Buffer.from(bytes), { ...PEER, address: '192.0.2.7', port: 6_000 });
    one.report();
    const { counts } = one.measure();
    one.close();
    const counted = Object.entries(counts).filter(([name, count]) => name !== 'sent' && count > 0);
    if (counts.strangers < 2) throw new Error('Not every stranger was counted.');
    return `${counted.map(([name, count]: [string, Counts[keyof Counts]]) => name + count).join()} ${news.map((told) => told.news).join()}`;
  },
};

/** Files are of the house, but read as if they were not. */
const files: FuzzTarget = {
  name: 'wav files',
  seeds() {
    const head = Buffer.from(
      'RIFF\x24\x01\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data',
      'latin1',
    );
    return [Buffer.concat([head, Buffer.from([0, 1, 0, 0]), Buffer.alloc(256, 7)])];
  },
  generate: (random) => Buffer.concat([files.seeds()[0] as Buffer, octets(random, 40)]),
  run(bytes) {
    try {
      const { rate, samples } = readWav(bytes);
      if (samples.length > bytes.length) throw new TypeError('More sound than there is.');
      return `${rate} ${samples.length}`;
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) throw error;
      return (error as Error).message;
    }
  },
};

/** Everything of the telephones' edge that takes bytes from strangers. */
export const EDGE_TARGETS: readonly FuzzTarget[] = [readers, srtp, leg, files];
