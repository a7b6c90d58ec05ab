import type { Clock, TimerHandle } from '../clock.ts';
import { parseCSeq } from '../messages/cseq.ts';
import type { SipRequest } from '../messages/message.ts';
import { parseRAck } from '../messages/rack.ts';
import type { TransactionTimers } from '../transactions/timers.ts';

export interface ReliableOwner {
  /** Sends a provisional response, for the first time or again. */
  sendProvisional(wire: Buffer): void;
  /** 64*T1 passed without a PRACK: the INVITE is to be refused with a 5xx (RFC 3262 3). */
  neverPracked(): void;
}

interface Provisional {
  rseq: number;
  wire: Buffer;
  describes: boolean;
}

/**
 * Provisional responses that the peer confirms by PRACK (RFC 3262 3): repeated after T1, then after twice the time
 * before; the next one leaves when the one before was confirmed.
 */
export class ReliableProvisionals {
  readonly #owner: ReliableOwner;
  readonly #clock: Clock;
  readonly #timers: TransactionTimers;
  readonly #waiting: Provisional[] = [];
  #rseq: number;
  #interval = 0;
  #next: TimerHandle;
  #end: TimerHandle;

  /** @param first RSeq of the first one, 1 to 2^31-1 */
  constructor(owner: ReliableOwner, first: number, clock: Clock, timers: TransactionTimers) {
    this.#owner = owner;
    this.#clock = clock;
    this.#timers = timers;
    this.#rseq = first - 1;
  }

  /** The RSeq of the next one. */
  take(): number {
    this.#rseq++;
    return this.#rseq;
  }

  /** Whether one that describes the session waits for its PRACK: no 2xx may overtake it (RFC 3262 3). */
  get describing(): boolean {
    return this.#waiting.some(({ describes }) => describes);
  }

  /** Sends it, or keeps it until the one before is confirmed. @param describes whether it has a session description */
  send(rseq: number, wire: Buffer, describes = false): void {
    this.#waiting.push({ rseq, wire, describes });
    if (this.#waiting.length === 1) this.#begin();
  }

  /**
   * @param invite whose responses these are
   * @returns false where the PRACK confirms none that waits: it gets 481 (RFC 3262 3).
   */
  confirm(prack: SipRequest, invite: SipRequest): boolean {
    const [current] = this.#waiting;
    const rack = prack.headers.first('rack', parseRAck);
    if (!current || rack?.rseq !== current.rseq) return false;
    // RFC 3262 7.2: RSeq alone does not tell the response: number and method are those of its CSeq.
    const cseq = invite.headers.first('cseq', parseCSeq);
    if (rack.method !== cseq?.method || rack.sequence !== cseq.sequence) return false;
    this.#waiting.shift();
    this.#stopTimers();
    if (this.#waiting.length > 0) this.#begin();
    return true;
  }

  /** The final response left, or the transaction is over. Harmless when stopped. */
  stop(): void {
    this.#waiting.length = 0;
    this.#stopTimers();
  }

  repeat(): void {
    const [current] = this.#waiting;
    if (!current) return;
    this.#owner.sendProvisional(current.wire);
    this.#interval *= 2;
    this.#next = this.#clock.start(this.#interval, repeat, this);
  }

  giveUp(): void {
    this.stop();
    this.#owner.neverPracked();
  }

  #begin(): void {
    const [current] = this.#waiting;
    if (!current) return;
    this.#interval = this.#timers.t1;
    this.#owner.sendProvisional(current.wire);
    this.#next = this.#clock.start(this.#interval, repeat, this);
    this.#end = this.#clock.start(64 * this.#timers.t1, giveUp, this);
  }

  #stopTimers(): void {
    this.#clock.stop(this.#next);
    this.#clock.stop(this.#end);
  }
}

function repeat(provisionals: ReliableProvisionals): void {
  provisionals.repeat();
}

function giveUp(provisionals: ReliableProvisionals): void {
  provisionals.giveUp();
}
