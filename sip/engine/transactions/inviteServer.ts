import type { Clock, TimerHandle } from '../clock.ts';
import type { SipRequest } from '../messages/message.ts';
import type { Flow } from '../transports/flow.ts';
import { answeredRequest } from './answeredRequest.ts';
import type { TransactionTimers } from './timers.ts';

/**
 * The INVITE server transaction: RFC 3261 17.2.1 with the Accepted state of RFC 6026 7.1.
 *
 *                          INVITE / hand up
 *                                  │
 *                                  ▼
 *        INVITE / last 1xx  ┌─────────────┐  1xx from above / send
 *               └──────────▶│ Proceeding  │◀──────────┘  200 ms without / 100
 *                           └─────────────┘
 *        2xx from above / send │        │ 300–699 from above / send
 *                ┌─────────────┘        └─────────────┐
 *                ▼                                    ▼
 *        ┌─────────────┐  INVITE / –          ┌─────────────┐  INVITE / response
 *        │  Accepted   │  2xx from above /    │  Completed  │  G / response (UDP)
 *        │             │  send                │             │
 *        └─────────────┘  ACK / hand up       └─────────────┘
 *                │ L                            ACK / – │  │ H / ACK never came
 *                │                                      ▼  │
 *                │                       ┌─────────────┐   │
 *                │                       │  Confirmed  │   │   ACK / –, INVITE / –
 *                │                       └─────────────┘   │
 *                │                              │ I        │
 *                ▼                              ▼          ▼
 *                               Terminated
 */
type InviteServerState = 'proceeding' | 'accepted' | 'completed' | 'confirmed' | 'terminated';

/** How long whoever is asked has to answer before the client is told to wait (17.2.1), in milliseconds. */
const TRYING_MS = 200;

/** Keeps the transactions by their keys. */
export interface InviteServerTable {
  /** The 100 of a transaction that nobody answered at once. */
  trying(transaction: InviteServerTransaction): Buffer;
  /** Its flow is gone: whether the answer leaves another way (18.2.2). */
  answerElsewhere(transaction: InviteServerTransaction, wire: Buffer): boolean;
  /** It is over and its key is free. */
  inviteServerTerminated(transaction: InviteServerTransaction): void;
}

export class InviteServerTransaction {
  readonly key: string;
  /** What it is answered on; another where that broke (18.2.2). */
  flow: Flow;
  /** As it came; when it was refused, or its 2xx acknowledged, no more than its method. */
  request: SipRequest;
  /** What its copies that came another way have in common with it (8.2.2.2). */
  readonly mergeKey: string | undefined;
  readonly #table: InviteServerTable;
  readonly #clock: Clock;
  readonly #timers: TransactionTimers;
  #state: InviteServerState = 'proceeding';
  /** As text: a small Buffer would keep the whole block of Node's pool that it was cut from. */
  #response: string | undefined;
  #interval = 0;
  #trying: TimerHandle;
  #retransmission: TimerHandle;
  #end: TimerHandle;

  constructor(
    key: string,
    mergeKey: string | undefined,
    request: SipRequest,
    flow: Flow,
    table: InviteServerTable,
    clock: Clock,
    timers: TransactionTimers,
  ) {
    this.key = key;
    this.mergeKey = mergeKey;
    this.request = request;
    this.flow = flow;
    this.#table = table;
    this.#clock = clock;
    this.#timers = timers;
    this.#trying = clock.start(TRYING_MS, fireTrying, this);
  }

  get state(): InviteServerState {
    return this.#state;
  }

  /** The same INVITE came again (17.2.1). After a 2xx it is absorbed: who sent the 2xx repeats it (RFC 6026 7.1). */
  retransmitted(): void {
    if (this.#state !== 'proceeding' && this.#state !== 'completed') return;
    if (this.#response) this.#send(Buffer.from(this.#response, 'latin1'));
    else this.sayTrying();
  }

  /** Tells the client that the INVITE came, unless it was told something already. */
  sayTrying(): void {
    if (this.#state === 'proceeding' && !this.#response) this.respond(100, this.#table.trying(this));
  }

  /**
   * Sends a response. A 2xx may be sent again while the transaction is accepted.
   * @returns false where the state allows no such response any more, or the flow is gone.
   */
  respond(status: number, wire: Buffer): boolean {
    if (this.#state === 'accepted') return status >= 200 && status < 300 && this.#send(wire);
    if (this.#state !== 'proceeding') return false;
    this.#clock.stop(this.#trying);
    const sent = this.#send(wire);
    if (status < 200) {
      this.#response = wire.toString('latin1');
    } else if (status < 300) {
      this.#response = undefined;
      this.#state = 'accepted';
      this.#end = this.#clock.start(64 * this.#timers.t1, fireEnd, this);
    } else {
      this.#response = wire.toString('latin1');
      this.#state = 'completed';
      this.settled();
      if (!this.flow.reliable) {
        this.#interval = this.#timers.t1;
        this.#retransmission = this.#clock.start(this.#interval, fireG, this);
      }
      this.#end = this.#clock.start(64 * this.#timers.t1, fireEnd, this);
    }
    return sent;
  }

  /**
   * An ACK with this transaction's branch.
   * @returns true where it was meant for the transaction and is used up (a refusal was acknowledged).
   */
  acknowledged(): boolean {
    if (this.#state === 'completed') {
      this.#clock.stop(this.#retransmission);
      this.#clock.stop(this.#end);
      this.#response = undefined;
      this.#state = 'confirmed';
      if (this.flow.reliable) this.expire();
      else this.#end = this.#clock.start(this.#timers.t4, fireEnd, this);
      return true;
    }
    return this.#state === 'confirmed';
  }

  /** Nobody will ask for the request's header any more. */
  settled(): void {
    // Where a connection breaks, the answer may have to find its way by the Via (18.2.2).
    if (!this.flow.reliable) this.request = answeredRequest(this.request);
  }

  /** Forgets everything without telling anybody. */
  abandon(): void {
    this.#state = 'terminated';
    this.#clock.stop(this.#trying);
    this.#clock.stop(this.#retransmission);
    this.#clock.stop(this.#end);
  }

  /** Timer G: the refusal was not acknowledged yet. */
  retransmit(): void {
    if (this.#state !== 'completed') return;
    if (this.#response) this.#send(Buffer.from(this.#response, 'latin1'));
    this.#interval = Math.min(2 * this.#interval, this.#timers.t2);
    this.#retransmission = this.#clock.start(this.#interval, fireG, this);
  }

  /** Timers H, I and L: the time of the state is over. */
  expire(): void {
    if (this.#state === 'terminated') return;
    this.abandon();
    this.#table.inviteServerTerminated(this);
  }

  #send(wire: Buffer): boolean {
    return this.flow.send(wire) || this.#table.answerElsewhere(this, wire);
  }
}

function fireTrying(transaction: InviteServerTransaction): void {
  transaction.sayTrying();
}

function fireG(transaction: InviteServerTransaction): void {
  transaction.retransmit();
}

function fireEnd(transaction: InviteServerTransaction): void {
  transaction.expire();
}
