/** What is known of one received RTP stream: losses and jitter as RFC 3550 A.1, A.3 and A.8 reckon them. */
/** Further ahead than this is a sender that began anew, not a loss (RFC 3550 A.1). */
const MAX_DROPOUT = 3_000;
const MAX_MISORDER = 100;

/** Where an interval began; each reader of intervals keeps a mark of its own. */
export interface Mark {
  expected: number;
  received: number;
  octets: number;
}

/** Figures of an interval. */
export interface Interval extends Mark {
  /** Never below 0, though repetitions can outnumber what was lost. */
  lost: number;
}

/** The mark before the first packet. */
export const BEGINNING: Mark = { expected: 0, received: 0, octets: 0 };

/** The receiver's side of one stream. */
export class Reception {
  readonly ssrc: number;
  readonly #clockRate: number;
  #base: number;
  #highest: number;
  #cycles = 0;
  #received = 0;
  /** A number out of the ordinary; if the next one follows it, the sender began anew. */
  #suspect = -1;
  #transit: number | null = null;
  #jitter = 0;
  #octets = 0;

  constructor(ssrc: number, sequence: number, clockRate: number) {
    this.ssrc = ssrc;
    this.#clockRate = clockRate;
    this.#base = sequence;
    this.#highest = sequence - 1;
  }

  /** Packets that came in order or nearly so. */
  get received(): number {
    return this.#received;
  }

  /** Octets of payload. */
  get octets(): number {
    return this.#octets;
  }

  /** Milliseconds. */
  get jitterMs(): number {
    return (this.#jitter / this.#clockRate) * 1000;
  }

  /** As a report block has it: ticks. */
  get jitter(): number {
    return Math.floor(this.#jitter);
  }

  /** The highest sequence number with the times it went round, 32 bits. */
  get extendedHighest(): number {
    return (this.#cycles + (this.#highest & 0xffff)) >>> 0;
  }

  /** Packets lost since the beginning. */
  get lost(): number {
    return this.#expected() - this.#received;
  }

  /**
   * Counts a packet.
   * @param now milliseconds of a clock that does not go back
   * @returns false for a number so far off that it is not believed until a second one follows it
   */
  count(sequence: number, timestamp: number, octets: number, now: number): boolean {
    const ahead = (sequence - (this.#highest & 0xffff)) & 0xffff;
    if (ahead < MAX_DROPOUT) {
      if (sequence < (this.#highest & 0xffff) && this.#highest >= 0 && ahead !== 0) this.#cycles += 0x1_0000;
      this.#highest = sequence;
    } else if (ahead <= 0x1_0000 - MAX_MISORDER) {
      if (this.#suspect !== sequence) {
        this.#suspect = (sequence + 1) & 0xffff;
        return false;
      }
      this.#restart(sequence);
    }
    this.#received += 1;
    this.#octets += octets;
    this.#countJitter(timestamp, now);
    return true;
  }

  /** Where an interval may begin. */
  mark(): Mark {
    return { expected: this.#expected(), received: this.#received, octets: this.#octets };
  }

  /** What came since the mark. */
  since(mark: Mark): Interval {
    const now = this.mark();
    const expected = now.expected - mark.expected;
    const received = now.received - mark.received;
    return { expected, received, octets: now.octets - mark.octets, lost: Math.max(0, expected - received) };
  }

  #expected(): number {
    if (this.#received === 0) return 0;
    return this.#cycles + (this.#highest & 0xffff) - this.#base + 1;
  }

  #restart(sequence: number): void {
    const { received, lost } = { received: this.#received, lost: this.lost };
    this.#cycles = 0;
    this.#highest = sequence;
    // What was received and lost before still counts.
    this.#base = sequence - received - lost;
    this.#suspect = -1;
    this.#transit = null;
  }

  #countJitter(timestamp: number, now: number): void {
    const transit = ((now * this.#clockRate) / 1000 - timestamp) % 0x1_0000_0000;
    if (this.#transit !== null) {
      // Timestamps go round; a difference of half of all is none.
      const difference = Math.abs(((transit - this.#transit + 0x2_8000_0000) % 0x1_0000_0000) - 0x8000_0000);
      this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
  }
}
