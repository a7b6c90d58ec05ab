/**
 * One stream made of several: whoever hears it sees a single SSRC whose sequence numbers have no gaps but those of the
 * network, and whose timestamps go on with the clock, while what it is made of changes (a speaker, music, digits).
 */
import { randomInt } from 'node:crypto';
import { sequenceAfter, timestampAfter, type RtpHeader } from './rtp.ts';

/** Ticks a millisecond: G.711, G.722 and telephone-event all count 8,000 a second. */
const TICKS_PER_MS = 8;
const FRAME_MS = 20;
/** A source whose numbers jump further than this began anew. */
const MOST_AHEAD = 3_000;
/** A made stream that was silent for longer than this goes on with a later timestamp. */
const STALL_MS = 100;

/** What a packet is to say. */
export type Stamp = Pick<RtpHeader, 'marker' | 'sequence' | 'timestamp' | 'ssrc'>;

/** The numbers of one stream that is sent. */
export class Restamper {
  readonly ssrc: number;
  readonly #ticksPerMs: number;
  /** Ticks of 20 ms. */
  readonly #frame: number;
  /** Who is stamped now; null for what is made here. */
  #source: number | null = null;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  /** First number since the source changed; what comes later with an earlier one is dropped. */
  #first: number;
  #highest: number;
  #timestamp: number;
  /** Of the latest packet that was made here. */
  #lasted: number;
  /** When the latest timestamp was sent; milliseconds. */
  #at: number | null = null;

  /** Numbers begin at random (RFC 3550 5.1), but never at 0: mediasoup takes that for 65,536 lost packets. */
  constructor(ssrc: number, ticksPerMs = TICKS_PER_MS) {
    this.ssrc = ssrc;
    this.#ticksPerMs = ticksPerMs;
    this.#frame = FRAME_MS * ticksPerMs;
    this.#lasted = this.#frame;
    this.#highest = randomInt(1, 0x8000);
    this.#first = this.#highest;
    this.#timestamp = randomInt(0, 0x7fff_ffff);
  }

  /** The timestamp of now. */
  timestampAt(now: number): number {
    const elapsed = this.#at === null ? 0 : Math.max(0, now - this.#at);
    return (this.#timestamp + Math.round(elapsed * this.#ticksPerMs)) >>> 0;
  }

  /**
   * Stamps a packet of a source.
   * @returns false where it is older than the change to this source, and is to be dropped
   */
  forward(header: Stamp, now: number): boolean {
    const { ssrc, sequence, timestamp } = header;
    let marker = header.marker;
    const off = sequenceAfter((sequence + this.#sequenceOffset) & 0xffff, this.#highest);
    if (this.#source !== ssrc || Math.abs(off) > MOST_AHEAD) {
      this.#begin(ssrc, sequence, timestamp, now);
      marker = true;
    }
    const stamped = (sequence + this.#sequenceOffset) & 0xffff;
    if (sequenceAfter(stamped, this.#first) < 0) return false;
    header.marker = marker;
    header.sequence = stamped;
    header.timestamp = (timestamp + this.#timestampOffset) >>> 0;
    header.ssrc = this.ssrc;
    if (sequenceAfter(stamped, this.#highest) > 0) {
      this.#highest = stamped;
      this.#timestamp = header.timestamp;
      this.#at = now;
    }
    return true;
  }

  /** Stamps the next packet of sound that is made here. @param ticks that it lasts */
  make(header: Stamp, now: number, ticks = this.#frame): void {
    const elapsed = this.#at === null ? 0 : now - this.#at;
    const goesOn = this.#source === null && this.#at !== null;
    header.marker = !goesOn || elapsed > STALL_MS;
    const late = timestampAfter(this.timestampAt(now), this.#timestamp);
    const step = header.marker ? Math.max(this.#lasted, late) : this.#lasted;
    this.#lasted = ticks;
    this.#source = null;
    this.#timestamp = (this.#timestamp + (this.#at === null ? 0 : step)) >>> 0;
    this.#at = now;
    header.timestamp = this.#timestamp;
    this.#number(header);
  }

  /** Stamps a packet of an event that began at a timestamp of `timestampAt`. */
  event(header: Stamp, began: number, now: number): void {
    if (header.marker) {
      this.#source = null;
      this.#timestamp = began;
      this.#at = now;
    }
    header.timestamp = began;
    this.#number(header);
  }

  #number(header: Stamp): void {
    this.#highest = (this.#highest + 1) & 0xffff;
    this.#first = this.#highest;
    header.sequence = this.#highest;
    header.ssrc = this.ssrc;
  }

  #begin(source: number, sequence: number, timestamp: number, now: number): void {
    this.#first = (this.#highest + 1) & 0xffff;
    this.#sequenceOffset = (this.#first - sequence) & 0xffff;
    const next =
      this.#at === null
        ? this.#timestamp
        : Math.max(this.#frame, timestampAfter(this.timestampAt(now), this.#timestamp)) + this.#timestamp;
    this.#timestampOffset = (next - timestamp) >>> 0;
    this.#source = source;
  }
}
