/**
 * SRTP and SRTCP (RFC 3711) with AES in counter mode and HMAC-SHA1, as SDES offers them (RFC 4568).
 *
 * A packet costs one call of AES and one of HMAC: the key stream comes out of a block cipher that lives as long as the
 * key, fed with all of a packet's counter blocks at once. Making a cipher a packet costs ten times as much.
 */
import {
  createCipheriv,
  createHmac,
  createSecretKey,
  timingSafeEqual,
  type Cipheriv,
  type KeyObject,
} from 'node:crypto';
import { isRtcp, readRtp, blankRtpHeader, RTP_HEADER, sequenceAfter } from './rtp.ts';

export type SrtpSuite = 'AES_CM_128_HMAC_SHA1_80' | 'AES_CM_128_HMAC_SHA1_32';

/** One direction's master key. */
export interface SrtpKey {
  suite: SrtpSuite;
  /** 16 octets of key and 14 of salt. */
  material: Uint8Array;
}

const KEY = 16;
const SALT = 14;
/** Octets of a master key and its salt. */
const SRTP_MATERIAL = KEY + SALT;
const AUTH_KEY = 20;
/** RFC 4568 6.2: the shorter tag is of SRTP alone. */
const RTCP_TAG = 10;
const RTCP_HEADER = 8;
const INDEX = 4;
/** Packets behind the newest that are still taken (RFC 3711 3.3.2: at least 64). */
const WINDOW = 128;
/** Streams of one key that are remembered. */
const MOST_STREAMS = 8;
/** Octets of a packet that is not sealed. */
const LARGEST_PACKET = 2_048;

/** RFC 3711 4.3.1 */
const LABEL = { rtp: 0, rtcp: 3 };

/** What one key pair does to packets: RTP's or RTCP's half of a master key (RFC 3711 4). */
class Cryptor {
  readonly #cipher: Cipheriv;
  readonly #salt: Buffer;
  readonly #authKey: KeyObject;
  readonly #counters = Buffer.alloc(LARGEST_PACKET);
  readonly #block = Buffer.alloc(16);
  readonly #four = Buffer.alloc(4);

  constructor(material: Uint8Array, label: number) {
    this.#cipher = blockCipher(deriveKey(material, label, KEY));
    this.#authKey = createSecretKey(deriveKey(material, label + 1, AUTH_KEY));
    this.#salt = deriveKey(material, label + 2, SALT);
  }

  /** Encrypts or, which is the same, decrypts in place (RFC 3711 4.1.1). @param index 48 bits */
  crypt(packet: Buffer, start: number, end: number, ssrc: number, index: number): void {
    const blocks = Math.ceil((end - start) / 16);
    if (blocks === 0) return;
    const block = this.#block;
    this.#salt.copy(block);
    block.writeUInt32BE((block.readUInt32BE(4) ^ ssrc) >>> 0, 4);
    const high = Math.floor(index / 0x1_0000);
    block.writeUInt32BE((block.readUInt32BE(8) ^ high) >>> 0, 8);
    block.writeUInt16BE(block.readUInt16BE(12) ^ (index & 0xffff), 12);
    const counters = this.#counters;
    for (let count = 0, at = 0; count < blocks; count += 1, at += 16) {
      block.copy(counters, at);
      counters[at + 14] = count >> 8;
      counters[at + 15] = count & 0xff;
    }
    const stream = this.#cipher.update(counters.subarray(0, blocks * 16));
    for (let at = start, from = 0; at < end; at += 1, from += 1)
      packet[at] = (packet[at] as number) ^ (stream[from] as number);
  }

  /** @param roll the roll-over counter, which is signed though it is not sent; null for RTCP */
  tag(packet: Buffer, end: number, roll: number | null): Buffer {
    const hmac = createHmac('sha1', this.#authKey).update(packet.subarray(0, end));
    if (roll !== null) {
      this.#four.writeUInt32BE(roll, 0);
      hmac.update(this.#four);
    }
    return hmac.digest();
  }
}

/** Where one stream stands. Indices are 48 bits for RTP, 31 for RTCP. */
class Stream {
  highest = -1;
  /** Index seen last in each place of the window. */
  readonly #window = new Float64Array(WINDOW).fill(-1);

  isReplay(index: number): boolean {
    return index <= this.highest - WINDOW || this.#window[index % WINDOW] === index;
  }

  saw(index: number): void {
    this.#window[index % WINDOW] = index;
    if (index > this.highest) this.highest = index;
  }

  /** The index of a packet with this sequence number (RFC 3711 3.3.1). */
  indexOf(sequence: number): number {
    if (this.highest < 0) return sequence;
    return Math.max(sequence, this.highest + sequenceAfter(sequence, this.highest & 0xffff));
  }
}

/** One direction of a protected leg, to be used by its sender or its receiver. */
export class SrtpContext {
  readonly #tagLength: number;
  readonly #rtp: Cryptor;
  readonly #rtcp: Cryptor;
  readonly #streams = new Map<number, Stream>();
  readonly #rtcpStreams = new Map<number, Stream>();
  readonly #header = blankRtpHeader();
  #rtcpIndex = 0;

  /** @throws RangeError where the key has not 30 octets */
  constructor(key: SrtpKey) {
    if (key.material.length !== SRTP_MATERIAL)
      throw new RangeError(`An SRTP master key with its salt has ${SRTP_MATERIAL} octets, not ${key.material.length}.`);
    this.#tagLength = key.suite === 'AES_CM_128_HMAC_SHA1_80' ? 10 : 4;
    this.#rtp = new Cryptor(key.material, LABEL.rtp);
    this.#rtcp = new Cryptor(key.material, LABEL.rtcp);
  }

  /**
   * Protects an RTP packet: its payload is encrypted in place.
   * @returns what is to be sent behind it; null where it is no RTP that can be protected
   */
  protectRtp(packet: Buffer): Buffer | null {
    const header = this.#header;
    if (packet.length > LARGEST_PACKET || !readRtp(packet, header)) return null;
    const stream = streamOf(this.#streams, header.ssrc);
    const index = stream.indexOf(header.sequence);
    stream.saw(index);
    // Padding is encrypted with the payload.
    this.#rtp.crypt(packet, header.start, packet.length, header.ssrc, index);
    return this.#rtp.tag(packet, packet.length, Math.floor(index / 0x1_0000)).subarray(0, this.#tagLength);
  }

  /**
   * Opens an RTP packet in place.
   * @returns the packet without its tag; null for what was forged, repeated or is too old
   */
  openRtp(packet: Buffer): Buffer | null {
    const end = packet.length - this.#tagLength;
    if (end < RTP_HEADER || end > LARGEST_PACKET) return null;
    const sequence = packet.readUInt16BE(2);
    const ssrc = packet.readUInt32BE(8);
    const known = this.#streams.get(ssrc);
    const index = known === undefined ? sequence : known.indexOf(sequence);
    if (known?.isReplay(index) === true) return null;
    const tag = this.#rtp.tag(packet, end, Math.floor(index / 0x1_0000)).subarray(0, this.#tagLength);
    if (!timingSafeEqual(tag, packet.subarray(end))) return null;
    const plain = packet.subarray(0, end);
    const start = startOfPayload(plain);
    if (start === null) return null;
    // Only who has the key is remembered.
    streamOf(this.#streams, ssrc).saw(index);
    this.#rtp.crypt(plain, start, end, ssrc, index);
    return plain;
  }

  /** Protects a compound RTCP packet (RFC 3711 3.4). @returns a new buffer; null where it is no RTCP */
  protectRtcp(packet: Buffer): Buffer | null {
    if (packet.length < RTCP_HEADER || packet.length > LARGEST_PACKET || !isRtcp(packet)) return null;
    const index = this.#rtcpIndex;
    this.#rtcpIndex = (index + 1) % 0x8000_0000;
    const sealed = Buffer.alloc(packet.length + INDEX + RTCP_TAG);
    packet.copy(sealed);
    this.#rtcp.crypt(sealed, RTCP_HEADER, packet.length, packet.readUInt32BE(4), index);
    sealed.writeUInt32BE((index | 0x8000_0000) >>> 0, packet.length);
    const signed = packet.length + INDEX;
    this.#rtcp.tag(sealed, signed, null).copy(sealed, signed, 0, RTCP_TAG);
    return sealed;
  }

  /** Opens a compound RTCP packet in place. @returns the packet alone; null for what was forged or repeated */
  openRtcp(packet: Buffer): Buffer | null {
    const signed = packet.length - RTCP_TAG;
    const end = signed - INDEX;
    if (end < RTCP_HEADER || end > LARGEST_PACKET) return null;
    const ssrc = packet.readUInt32BE(4);
    const word = packet.readUInt32BE(end);
    const index = word & 0x7fff_ffff;
    if (this.#rtcpStreams.get(ssrc)?.isReplay(index) === true) return null;
    const tag = this.#rtcp.tag(packet, signed, null).subarray(0, RTCP_TAG);
    if (!timingSafeEqual(tag, packet.subarray(signed))) return null;
    streamOf(this.#rtcpStreams, ssrc).saw(index);
    const plain = packet.subarray(0, end);
    if (word > 0x7fff_ffff) this.#rtcp.crypt(plain, RTCP_HEADER, end, ssrc, index);
    return plain;
  }
}

/** A session key (RFC 3711 4.3). @param material the master key and its salt */
export function deriveKey(material: Uint8Array, label: number, length: number): Buffer {
  const block = Buffer.alloc(16);
  block.set(material.subarray(KEY));
  block[7] = (block[7] as number) ^ label;
  return keyStream(material.subarray(0, KEY), block, length);
}

/** AES in counter mode from a first counter block on (RFC 3711 4.1.1). */
export function keyStream(key: Uint8Array, first: Uint8Array, length: number): Buffer {
  const cipher = blockCipher(key);
  const counters = Buffer.alloc(Math.ceil(length / 16) * 16);
  const begin = new DataView(first.buffer, first.byteOffset).getUint16(14);
  for (let at = 0; at < counters.length; at += 16) {
    counters.set(first, at);
    counters.writeUInt16BE((begin + at / 16) & 0xffff, at + 14);
  }
  return cipher.update(counters).subarray(0, length);
}

function blockCipher(key: Uint8Array): Cipheriv {
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
}

/** Where what is encrypted begins; padding cannot be read before it is decrypted. */
function startOfPayload(packet: Buffer): number | null {
  const first = packet[0] as number;
  let start = RTP_HEADER + 4 * (first & 0x0f);
  if (first >> 6 !== 2) return null;
  if (first & 0x10) {
    if (packet.length < start + 4) return null;
    start += 4 + 4 * packet.readUInt16BE(start + 2);
  }
  return start <= packet.length ? start : null;
}

function streamOf(streams: Map<number, Stream>, ssrc: number): Stream {
  let stream = streams.get(ssrc);
  if (stream === undefined) {
    stream = new Stream();
    const oldest = streams.keys().next().value;
    if (streams.size >= MOST_STREAMS && oldest !== undefined) streams.delete(oldest);
    streams.set(ssrc, stream);
  }
  return stream;
}
