import type { Clock, TimerHandle } from '../clock.ts';
import type { SipResponse } from '../messages/message.ts';
import type { Flow } from '../transports/flow.ts';
import type { TransactionTimers } from './timers.ts';

/**
 * The client transaction of every method but INVITE and ACK: RFC 3261 17.1.2.
 *
 *                    request / send
 *                          │
 *                          ▼
 *      E / send (UDP) ┌──────────┐  F or the flow is gone / 408, 503 from here
 *          └─────────▶│  Trying  │──────────────────────────────┐
 *                     └──────────┘                              │
 *             1xx / up │        │ 200–699 / up                  │
 *                      ▼        │                               │
 *      E / send ┌────────────┐  │   F / 408                     │
 *         └────▶│ Proceeding │──┼───────────────────────────────┤
 *               └────────────┘  │                               │
 *        200–699 / up  │        │                               │
 *                      ▼        ▼                               │
 *                   ┌─────────────┐  response / –               │
 *                   │  Completed  │                             │
 *                   └─────────────┘                             │
 *                          │ K (0 on reliable transports)       │
 *                          ▼                                    ▼
 *                                    Terminated
 */
type NonInviteClientState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export interface NonInviteClientOwner {
  /** A provisional or the final response. */
  requestAnswered(transaction: NonInviteClientTransaction, response: SipResponse): void;
  /** No answer will come (17.1.4). */
  requestFailed(transaction: NonInviteClientTransaction, reason: 'timeout' | 'transport'): void;
}

/** Keeps the transactions by their keys. */
export interface NonInviteClientTable {
  /** It is over and its key is free. */
  nonInviteClientTerminated(transaction: NonInviteClientTransaction): void;
}

export class NonInviteClientTransaction {
  readonly key: string;
  readonly flow: Flow;
  /** The request as it was sent. */
  readonly wire: Buffer;
  readonly #owner: NonInviteClientOwner;
  readonly #table: NonInviteClientTable;
  readonly #clock: Clock;
  readonly #timers: TransactionTimers;
  #state: NonInviteClientState = 'trying';
  #interval: number;
  #retransmission: TimerHandle;
  #end: TimerHandle;

  constructor(
    key: string,
    wire: Buffer,
    flow: Flow,
    owner: NonInviteClientOwner,
    table: NonInviteClientTable,
    clock: Clock,
    timers: TransactionTimers,
  ) {
    this.key = key;
    this.wire = wire;
    this.flow = flow;
    this.#owner = owner;
    this.#table = table;
    this.#clock = clock;
    this.#timers = timers;
    this.#interval = timers.t1;
  }

  get state(): NonInviteClientState {
    return this.#state;
  }

  /** Sends the request. Its owner hears of a failure after this has returned. */
  start(): void {
    if (!this.flow.send(this.wire)) {
      this.#end = this.#clock.start(0, fireTransportError, this);
      return;
    }
    if (!this.flow.reliable) this.#retransmission = this.#clock.start(this.#interval, fireE, this);
    this.#end = this.#clock.start(64 * this.#timers.t1, fireF, this);
  }

  /** A response with this transaction's branch. */
  receive(response: SipResponse): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    if (response.status < 200) {
      this.#state = 'proceeding';
    } else {
      this.#clock.stop(this.#retransmission);
      this.#clock.stop(this.#end);
      this.#state = 'completed';
      this.#end = this.#clock.start(this.flow.reliable ? 0 : this.#timers.t4, fireK, this);
    }
    this.#owner.requestAnswered(this, response);
  }

  /** The flow was closed: without an answer none will come. */
  flowClosed(): void {
    if (this.#state === 'completed') this.expire();
    else this.giveUp('transport');
  }

  /** Forgets everything without telling anybody. */
  abandon(): void {
    this.#state = 'terminated';
    this.#clock.stop(this.#retransmission);
    this.#clock.stop(this.#end);
  }

  /** Timer E: doubled up to T2; T2 at once when somebody is working on it. */
  retransmit(): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    this.flow.send(this.wire);
    this.#interval = this.#state === 'proceeding' ? this.#timers.t2 : Math.min(2 * this.#interval, this.#timers.t2);
    this.#retransmission = this.#clock.start(this.#interval, fireE, this);
  }

  /** Timer F, or the transport's error. */
  giveUp(reason: 'timeout' | 'transport'): void {
    if (this.#state !== 'trying' && this.#state !== 'proceeding') return;
    this.abandon();
    this.#owner.requestFailed(this, reason);
    this.#table.nonInviteClientTerminated(this);
  }

  /** Timer K. */
  expire(): void {
    if (this.#state === 'terminated') return;
    this.abandon();
    this.#table.nonInviteClientTerminated(this);
  }
}

function fireE(transaction: NonInviteClientTransaction): void {
  transaction.retransmit();
}

function fireF(transaction: NonInviteClientTransaction): void {
  transaction.giveUp('timeout');
}

function fireTransportError(transaction: NonInviteClientTransaction): void {
  transaction.giveUp('transport');
}

function fireK(transaction: NonInviteClientTransaction): void {
  transaction.expire();
}
