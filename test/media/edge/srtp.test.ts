import { describe, expect, it } from 'vitest';
import { blankRtpHeader, readRtp, writeRtp } from '../../../media/edge/rtp.ts';
import { deriveKey, keyStream, SrtpContext, type SrtpSuite } from '../../../media/edge/srtp.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const material = hex('E1F97A0D3E018BE0D64FA32C06DE4139 0EC675AD498AFEEBB6960B3AABE6');
const contextOf = (suite: SrtpSuite = 'AES_CM_128_HMAC_SHA1_80') => new SrtpContext({ suite, material });

function rtp(sequence: number, payload = 'hello', ssrc = 0xcafebabe): Buffer {
  const packet = Buffer.alloc(12 + payload.length);
  writeRtp(packet, 0, { payloadType: 0, marker: false, sequence, timestamp: sequence * 160, ssrc });
  packet.write(payload, 12);
  return packet;
}

function sealed(context: SrtpContext, packet: Buffer): Buffer {
  const tag = context.protectRtp(packet);
  if (tag === null) throw new Error('It was not protected.');
  return Buffer.concat([packet, tag]);
}

const textOf = (packet: Buffer | null) => packet?.toString('latin1', 12) ?? null;

describe('the vectors of RFC 3711', () => {
  it('[RFC 3711 B.2] AES in counter mode', () => {
    const key = hex('2B7E151628AED2A6ABF7158809CF4F3C');
    const first = hex('F0F1F2F3F4F5F6F7F8F9FAFBFCFD0000');
    const stream = keyStream(key, first, 0xff02 * 16);
    expect(stream.subarray(0, 48)).toEqual(
      hex('E03EAD0935C95E80E166B16DD92B4EB4 D23513162B02D0F72A43A2FE4A5F97AB 41E95B3BB0A2E8DD477901E4FCA894C0'),
    );
    expect(stream.subarray(0xfeff * 16)).toEqual(
      hex('EC8CDF7398607CB0F2D21675EA9EA1E4 362B7C3C6773516318A077D7FC5073AE 6A2CC3787889374FBEB4C81B17BA6C44'),
    );
  });

  it('[RFC 3711 B.3] session keys from a master key', () => {
    expect(deriveKey(material, 0, 16)).toEqual(hex('C61E7A93744F39EE10734AFE3FF7A087'));
    expect(deriveKey(material, 2, 14)).toEqual(hex('30CBBC08863D8C85D49DB34A9AE1'));
    expect(deriveKey(material, 1, 94)).toEqual(
      hex(`CEBE321F6FF7716B6FD4AB49AF256A15 6D38BAA48F0A0ACF3C34E2359E6CDBCE
           E049646C43D9327AD175578EF7227098 6371C10C9A369AC2F94A8C5FBCDDDC25
           6D6E919A48B610EF17C2041E47403576 6B68642C59BBFC2F34DB60DBDFB2`),
    );
  });

  it("seals a packet as libsrtp's own test has it", () => {
    const packet = hex('800f1234decafbadcafebabe abababababababababababababababab');
    const expected = hex('800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb');
    expect(sealed(contextOf(), packet)).toEqual(expected);
  });
});

describe('packets that are opened', () => {
  it.each(['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const)('are what was sealed, with %s', (suite) => {
    const [ours, theirs] = [contextOf(suite), contextOf(suite)];
    const packet = sealed(ours, rtp(1));
    expect(packet).toHaveLength(rtp(1).length + (suite.endsWith('80') ? 10 : 4));
    expect(textOf(packet)).not.toContain('hello');
    expect(textOf(theirs.openRtp(packet))).toBe('hello');
  });

  it('may have an extension and padding, which is sealed as well', () => {
    const header = blankRtpHeader();
    const packet = Buffer.concat([rtp(7, ''), hex('BEDE0001 10AA0000'), Buffer.from('hello'), hex('00000003')]);
    packet[0] = 0xb0;
    packet[packet.length - 1] = 4;
    const opened = contextOf().openRtp(sealed(contextOf(), packet));
    expect(opened !== null && readRtp(opened, header)).toBe(true);
    expect(opened?.toString('latin1', header.start, header.end)).toBe('hello');
  });

  it('are as large as what may be sealed, with what sealing adds', () => {
    const [ours, theirs] = [contextOf(), contextOf()];
    const largest = 2_048;
    const [sound, report] = [rtp(1, 'x'.repeat(largest - 12)), Buffer.alloc(largest, 0xc8)];
    const plain = Buffer.from(sound);
    expect(theirs.openRtp(sealed(ours, sound))).toEqual(plain);
    expect(theirs.openRtcp(ours.protectRtcp(report) ?? Buffer.alloc(0))).toEqual(report);
    expect(ours.protectRtp(rtp(2, 'x'.repeat(largest - 11)))).toBeNull();
    expect(theirs.openRtp(Buffer.alloc(largest + 11, 0x80))).toBeNull();
  });

  it('[RFC 3711 3.3.1] go on when the sequence numbers go round', () => {
    const [ours, theirs] = [contextOf(), contextOf()];
    for (let index = 0xfff0; index < 0x1_0010; index += 1)
      expect(textOf(theirs.openRtp(sealed(ours, rtp(index & 0xffff, String(index)))))).toBe(String(index));
  });

  it('[RFC 3711 3.3.1] may come late over that border', () => {
    const [ours, theirs] = [contextOf(), contextOf()];
    const packets = [0xfffe, 0xffff, 0, 1].map((sequence) => sealed(ours, rtp(sequence, String(sequence))));
    const order = [0, 2, 3, 1];
    expect(order.map((at) => textOf(theirs.openRtp(packets[at] as Buffer)))).toEqual(['65534', '0', '1', '65535']);
  });
});

describe('packets that are not opened', () => {
  it('[RFC 3711 3.3.2] come a second time', () => {
    const [ours, theirs] = [contextOf(), contextOf()];
    const packets = [1, 2, 3].map((sequence) => sealed(ours, rtp(sequence)));
    for (const packet of packets) expect(theirs.openRtp(Buffer.from(packet))).not.toBeNull();
    for (const packet of packets) expect(theirs.openRtp(Buffer.from(packet))).toBeNull();
  });

  it('[RFC 3711 3.3.2] are older than the window', () => {
    const [ours, theirs] = [contextOf(), contextOf()];
    const [old, inside] = [sealed(ours, rtp(1000)), sealed(ours, rtp(1001))];
    expect(theirs.openRtp(sealed(ours, rtp(1128)))).not.toBeNull();
    expect(theirs.openRtp(old)).toBeNull();
    expect(theirs.openRtp(inside)).not.toBeNull();
  });

  it('were changed in any octet', () => {
    const packet = sealed(contextOf(), rtp(1));
    for (let at = 0; at < packet.length; at += 1) {
      const forged = Buffer.from(packet);
      forged[at] = (forged[at] as number) ^ 1;
      expect(contextOf().openRtp(forged)).toBeNull();
    }
  });

  it('were sealed with another key, or not at all, or are too short', () => {
    const other = new SrtpContext({ suite: 'AES_CM_128_HMAC_SHA1_80', material: Buffer.alloc(30, 7) });
    expect(contextOf().openRtp(sealed(other, rtp(1)))).toBeNull();
    expect(contextOf().openRtp(rtp(1, 'not sealed'.repeat(3)))).toBeNull();
    for (let length = 0; length < 23; length += 1) expect(contextOf().openRtp(Buffer.alloc(length, 0x80))).toBeNull();
  });

  it('do not disturb those that are right', () => {
    const [ours, theirs] = [contextOf(), contextOf()];
    const right = sealed(ours, rtp(5));
    for (let sequence = 0; sequence < 300; sequence += 1) theirs.openRtp(rtp(sequence, 'a stranger, rather long'));
    expect(textOf(theirs.openRtp(right))).toBe('hello');
  });
});

describe('[RFC 3711 3.4] SRTCP', () => {
  const report = hex('80C90001 CAFEBABE');

  it.each(['AES_CM_128_HMAC_SHA1_80', 'AES_CM_128_HMAC_SHA1_32'] as const)('has 80 bits of tag with %s', (suite) => {
    const longer = Buffer.concat([report, hex('81CA0002 CAFEBABE 01016100')]);
    const packet = contextOf(suite).protectRtcp(longer);
    expect(packet).toHaveLength(longer.length + 4 + 10);
    expect(packet?.subarray(0, 8)).toEqual(report);
    expect(packet?.subarray(8, longer.length)).not.toEqual(longer.subarray(8));
    expect(contextOf(suite).openRtcp(packet as Buffer)).toEqual(longer);
  });

  it('is opened once, and only as it was', () => {
    const [ours, theirs] = [contextOf(), contextOf()];
    const packets = [1, 2].map(() => ours.protectRtcp(report) as Buffer);
    expect(packets[0]).not.toEqual(packets[1]);
    expect(packets.map((packet) => theirs.openRtcp(Buffer.from(packet)))).toEqual([report, report]);
    expect(theirs.openRtcp(packets[0] as Buffer)).toBeNull();
    const forged = ours.protectRtcp(report) as Buffer;
    forged[9] = (forged[9] as number) ^ 1;
    expect(theirs.openRtcp(forged)).toBeNull();
  });
});

it('a key of another length is refused', () => {
  const short = () => new SrtpContext({ suite: 'AES_CM_128_HMAC_SHA1_80', material: Buffer.alloc(16) });
  expect(short).toThrow('has 30 octets, not 16');
});
