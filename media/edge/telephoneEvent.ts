/** Digits as RTP events (RFC 4733): read so that one press is one digit, and written. */
import { timestampAfter } from './rtp.ts';

/** Digits by their event codes (RFC 4733 3.2). */
const DIGITS = '0123456789*#ABCD';
const PAYLOAD = 4;
/** An event without an end is over when nothing was heard of it for so long. */
export const EVENT_LOST_MS = 150;

/** A key that was pressed and let go. */
export interface PressedDigit {
  digit: string;
  durationMs: number;
}

interface Event {
  code: number;
  /** Of the event, and of its latest segment: both are the same unless it lasts longer than 65,535 ticks. */
  began: number;
  timestamp: number;
  /** Ticks of the latest segment. */
  duration: number;
  ended: boolean;
  heardAt: number;
}

/** Hears the events of one RTP stream. Packets may be lost, repeated and come late; each press is told once. */
export class TelephoneEventReceiver {
  readonly #ticksPerMs: number;
  #event: Event | null = null;

  /** @param clockRate ticks a second of the event's payload type */
  constructor(clockRate = 8_000) {
    this.#ticksPerMs = clockRate / 1000;
  }

  /** A key is pressed that was not let go yet. */
  get open(): boolean {
    return this.#event !== null && !this.#event.ended;
  }

  /**
   * Takes the payload of one packet.
   * @param now milliseconds of a clock that does not go back
   * @returns a digit that is over with this packet: this one's, or the last one's whose end was lost
   */
  take(packet: Uint8Array, start: number, end: number, timestamp: number, now: number): PressedDigit | null {
    if (end - start < PAYLOAD) return null;
    const code = packet[start] as number;
    if (code >= DIGITS.length) return null;
    const isEnd = (packet[start + 1] as number) > 0x7f;
    const duration = ((packet[start + 2] as number) << 8) | (packet[start + 3] as number);
    const last = this.#event;
    let before: PressedDigit | null = null;
    if (last !== null) {
      const after = timestampAfter(timestamp, last.timestamp);
      // What is late says nothing new: the event it belongs to is told or known.
      if (after < 0) return null;
      if (after === 0) {
        if (last.ended) return null;
        last.duration = Math.max(last.duration, duration);
        last.heardAt = now;
        return isEnd ? this.#over(last) : null;
      }
      // RFC 4733 2.5.1.3: a long event goes on under a new timestamp, at the end of the segment before.
      if (!last.ended && code === last.code && after === 0xffff) {
        Object.assign(last, { timestamp, duration, heardAt: now });
        return isEnd ? this.#over(last) : null;
      }
      if (!last.ended) before = this.#over(last);
    }
    const event: Event = { code, began: timestamp, timestamp, duration, ended: false, heardAt: now };
    this.#event = event;
    if (!isEnd) return before;
    // All packets but the last were lost. If the digit before it is still untold, this one waits for its repetition.
    return before ?? this.#over(event);
  }

  /** To be asked now and then. @returns a digit whose end was lost */
  expire(now: number): PressedDigit | null {
    const event = this.#event;
    return event !== null && !event.ended && now - event.heardAt >= EVENT_LOST_MS ? this.#over(event) : null;
  }

  #over(event: Event): PressedDigit {
    event.ended = true;
    const ticks = timestampAfter(event.timestamp, event.began) + event.duration;
    return { digit: DIGITS.charAt(event.code), durationMs: Math.round(ticks / this.#ticksPerMs) };
  }
}

/** What the sender of events wants sent now. */
export interface EventPacket {
  /** Four octets; only good until the next call. */
  payload: Uint8Array;
  /** On an event's first packet (RFC 4733 2.5.1.1). */
  marker: boolean;
  /** How many ticks ago the event began: its packets all carry that timestamp. */
  age: number;
}

/** Ticks of 20 ms at 8,000 a second. */
const STEP = 160;
const VOLUME = 10;
/** Packets that say the event is over (RFC 4733 2.5.1.4). */
const ENDS = 3;
/** Steps between two digits. */
const GAP = 4;
const MOST_QUEUED = 64;
const SHORTEST_MS = 40;
const LONGEST_MS = 8_000;

/** Sends digits one after the other, a packet a step of 20 ms. */
export class TelephoneEventSender {
  readonly #queue: { code: number; duration: number }[] = [];
  readonly #packet: EventPacket = { payload: new Uint8Array(PAYLOAD), marker: false, age: 0 };
  /** Ticks since the event began. */
  #age = 0;
  #ends = 0;
  #gap = 0;

  /** Digits are being sent, or wait for it: sound gives way to them. */
  get busy(): boolean {
    return this.#queue.length > 0;
  }

  /**
   * Puts digits behind those that wait.
   * @param digits of 0–9, *, # and A–D
   * @param durationMs of each; between 40 and 8,000
   * @returns false, and nothing is sent, where a character is no digit or too many wait
   */
  press(digits: string, durationMs: number): boolean {
    const codes = Array.from(digits.toUpperCase(), (digit) => DIGITS.indexOf(digit));
    if (codes.includes(-1) || this.#queue.length + codes.length > MOST_QUEUED) return false;
    const ms = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, durationMs || 0));
    for (const code of codes) this.#queue.push({ code, duration: Math.ceil(ms / 20) * STEP });
    return true;
  }

  /** Goes on by 20 ms. @returns what is to be sent now */
  step(): EventPacket | null {
    const event = this.#queue[0];
    if (event === undefined) return null;
    if (this.#gap > 0) {
      this.#gap -= 1;
      return null;
    }
    const packet = this.#packet;
    packet.marker = this.#age === 0;
    packet.age = this.#age;
    this.#age += STEP;
    const duration = Math.min(this.#age, event.duration);
    const isEnd = duration === event.duration;
    packet.payload[0] = event.code;
    packet.payload[1] = (isEnd ? 0x80 : 0) | VOLUME;
    packet.payload[2] = duration >> 8;
    packet.payload[3] = duration & 0xff;
    if (isEnd) this.#ends += 1;
    if (this.#ends === ENDS) {
      this.#queue.shift();
      this.#age = 0;
      this.#ends = 0;
      this.#gap = GAP;
    }
    return packet;
  }
}
