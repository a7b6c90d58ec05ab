import type { Clock, TimerHandle } from '../clock.ts';
import type { SipResponse } from '../messages/message.ts';
import type { Flow } from '../transports/flow.ts';
import type { TransactionTimers } from './timers.ts';

/**
 * The INVITE client transaction: RFC 3261 17.1.1 with the Accepted state of RFC 6026 7.2.
 *
 *                           INVITE / send
 *                                │
 *                                ▼
 *            A / send (UDP) ┌─────────┐  B or the flow is gone / 408, 503 from here
 *                └─────────▶│ Calling │───────────────────────────────────────┐
 *                           └─────────┘                                       │
 *                    1xx / up │  │  │                                         │
 *                             ▼  │  │                                         │
 *               1xx / up ┌────────────┐                                       │
 *                  └────▶│ Proceeding │   (how long it may ring is the        │
 *                        └────────────┘    application's or timer C's affair) │
 *               2xx / up │          │ 300–699 / up, ACK                       │
 *                 ┌──────┘          └──────┐                                  │
 *                 ▼                        ▼                                  │
 *          ┌────────────┐           ┌────────────┐  300–699 / ACK             │
 *          │  Accepted  │ 2xx / up  │ Completed  │                            │
 *          └────────────┘           └────────────┘                            │
 *                 │ M                      │ D (0 on reliable transports)     │
 *                 ▼                        ▼                                  ▼
 *                                     Terminated
 */
type InviteClientState = 'calling' | 'proceeding' | 'accepted' | 'completed' | 'terminated';

export interface InviteClientOwner {
  /** A response to hand up: every provisional, the first refusal, every 2xx. */
  inviteAnswered(transaction: InviteClientTransaction, response: SipResponse): void;
  /** No answer will come: nobody answered at all, or the request cannot be sent (17.1.4). */
  inviteFailed(transaction: InviteClientTransaction, reason: 'timeout' | 'transport'): void;
}

/** Keeps the transactions by their keys. */
export interface InviteClientTable {
  /** It is over and its key is free. */
  inviteClientTerminated(transaction: InviteClientTransaction): void;
}

export class InviteClientTransaction {
  readonly key: string;
  readonly flow: Flow;
  /** The INVITE as it was sent. */
  readonly wire: Buffer;
  readonly #owner: InviteClientOwner;
  readonly #table: InviteClientTable;
  readonly #makeAck: (response: SipResponse) => Buffer;
  readonly #clock: Clock;
  readonly #timers: TransactionTimers;
  #state: InviteClientState = 'calling';
  #ack: Buffer | undefined;
  #interval: number;
  /** When the next repetition is due: each is counted from the first, so that late ones do not add up past timer B. */
  #due = 0;
  #retransmission: TimerHandle;
  #end: TimerHandle;

  /** @param makeAck the ACK for a refusal (17.1.1.3), as it goes over the wire. */
  constructor(
    key: string,
    wire: Buffer,
    makeAck: (response: SipResponse) => Buffer,
    flow: Flow,
    owner: InviteClientOwner,
    table: InviteClientTable,
    clock: Clock,
    timers: TransactionTimers,
  ) {
    this.key = key;
    this.wire = wire;
    this.flow = flow;
    this.#makeAck = makeAck;
    this.#owner = owner;
    this.#table = table;
    this.#clock = clock;
    this.#timers = timers;
    this.#interval = timers.t1;
  }

  get state(): InviteClientState {
    return this.#state;
  }

  /** Sends the request. Its owner hears of a failure after this has returned. */
  start(): void {
    if (!this.flow.send(this.wire)) {
      this.#end = this.#clock.start(0, fireTransportError, this);
      return;
    }
    if (!this.flow.reliable) {
      this.#due = this.#clock.now() + this.#interval;
      this.#retransmission = this.#clock.start(this.#interval, fireA, this);
    }
    this.#end = this.#clock.start(64 * this.#timers.t1, fireB, this);
  }

  /** A response with this transaction's branch. */
  receive(response: SipResponse): void {
    const { status } = response;
    switch (this.#state) {
      case 'calling':
      case 'proceeding':
        this.#clock.stop(this.#retransmission);
        this.#clock.stop(this.#end);
        if (status < 200) {
          this.#state = 'proceeding';
        } else if (status < 300) {
          this.#state = 'accepted';
          this.#end = this.#clock.start(64 * this.#timers.t1, fireEnd, this);
        } else {
          this.#state = 'completed';
          this.#ack = this.#makeAck(response);
          this.flow.send(this.#ack);
          // Timer D: at least 32 s on UDP, where refusals are repeated.
          this.#end = this.#clock.start(this.flow.reliable ? 0 : 64 * this.#timers.t1, fireEnd, this);
        }
        this.#owner.inviteAnswered(this, response);
        return;
      case 'accepted':
        if (status >= 200 && status < 300) this.#owner.inviteAnswered(this, response);
        return;
      case 'completed':
        if (status >= 300 && this.#ack) this.flow.send(this.#ack);
        return;
      case 'terminated':
    }
  }

  /** The flow was closed: without an answer none will come. */
  flowClosed(): void {
    if (this.#state === 'calling' || this.#state === 'proceeding') this.#fail('transport');
    else this.expire();
  }

  /** Forgets everything without telling anybody. */
  abandon(): void {
    this.#state = 'terminated';
    this.#clock.stop(this.#retransmission);
    this.#clock.stop(this.#end);
  }

  /** Timer A. */
  retransmit(): void {
    if (this.#state !== 'calling') return;
    this.flow.send(this.wire);
    this.#interval *= 2;
    this.#due += this.#interval;
    this.#retransmission = this.#clock.start(Math.max(0, this.#due - this.#clock.now()), fireA, this);
  }

  /** Timer B, or the transport's error. */
  giveUp(reason: 'timeout' | 'transport'): void {
    if (this.#state === 'calling') this.#fail(reason);
  }

  /** Timers D and M. */
  expire(): void {
    if (this.#state === 'terminated') return;
    this.abandon();
    this.#table.inviteClientTerminated(this);
  }

  #fail(reason: 'timeout' | 'transport'): void {
    this.abandon();
    this.#owner.inviteFailed(this, reason);
    this.#table.inviteClientTerminated(this);
  }
}

function fireA(transaction: InviteClientTransaction): void {
  transaction.retransmit();
}

function fireB(transaction: InviteClientTransaction): void {
  transaction.giveUp('timeout');
}

function fireTransportError(transaction: InviteClientTransaction): void {
  transaction.giveUp('transport');
}

function fireEnd(transaction: InviteClientTransaction): void {
  transaction.expire();
}
