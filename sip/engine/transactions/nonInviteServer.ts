import type { Clock, TimerHandle } from '../clock.ts';
import type { SipRequest } from '../messages/message.ts';
import type { Flow } from '../transports/flow.ts';
import { answeredRequest } from './answeredRequest.ts';
import type { TransactionTimers } from './timers.ts';

/**
 * The server transaction of every method but INVITE and ACK: RFC 3261 17.2.2.
 *
 *                 request / hand up
 *                         │
 *                         ▼
 *                  ┌────────────┐  request / –
 *                  │   Trying   │
 *                  └────────────┘
 *          1xx / send │      │ 200–699 / send
 *                     ▼      │
 *              ┌────────────┐│     request / last 1xx
 *              │ Proceeding ││
 *              └────────────┘│
 *     200–699 / send  │      │
 *                     ▼      ▼
 *                  ┌────────────┐  request / response
 *                  │ Completed  │
 *                  └────────────┘
 *                         │ J (0 on reliable transports)
 *                         ▼
 *                     Terminated
 */
type NonInviteServerState = 'trying' | 'proceeding' | 'completed' | 'terminated';

export interface NonInviteServerTable {
  /** Its flow is gone: whether the answer leaves another way (18.2.2). */
  answerElsewhere(transaction: NonInviteServerTransaction, wire: Buffer): boolean;
  /** It is over and its key is free. */
  nonInviteServerTerminated(transaction: NonInviteServerTransaction): void;
}

export class NonInviteServerTransaction {
  readonly key: string;
  /** What it is answered on; another where that broke (18.2.2). */
  flow: Flow;
  /** As it came; when it has its final response, no more than its method. */
  request: SipRequest;
  /** What its copies that came another way have in common with it (8.2.2.2). */
  readonly mergeKey: string | undefined;
  readonly #table: NonInviteServerTable;
  readonly #clock: Clock;
  readonly #timers: TransactionTimers;
  #state: NonInviteServerState = 'trying';
  /** As text: a small Buffer would keep the whole block of Node's pool that it was cut from. */
  #response: string | undefined;
  #end: TimerHandle;

  constructor(
    key: string,
    mergeKey: string | undefined,
    request: SipRequest,
    flow: Flow,
    table: NonInviteServerTable,
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
  }

  get state(): NonInviteServerState {
    return this.#state;
  }

  /** The same request came again. */
  retransmitted(): void {
    if (this.#response) this.#send(Buffer.from(this.#response, 'latin1'));
  }

  /** @returns false where a final response was sent before, or the flow is gone. */
  respond(status: number, wire: Buffer): boolean {
    if (this.#state === 'completed' || this.#state === 'terminated') return false;
    const sent = this.#send(wire);
    this.#response = wire.toString('latin1');
    if (status < 200) {
      this.#state = 'proceeding';
      return sent;
    }
    this.#state = 'completed';
    this.request = answeredRequest(this.request);
    if (this.flow.reliable) this.expire();
    else this.#end = this.#clock.start(64 * this.#timers.t1, fireJ, this);
    return sent;
  }

  /** Forgets everything without telling anybody. */
  abandon(): void {
    this.#state = 'terminated';
    this.#clock.stop(this.#end);
  }

  /** Timer J. */
  expire(): void {
    if (this.#state === 'terminated') return;
    this.abandon();
    this.#table.nonInviteServerTerminated(this);
  }

  #send(wire: Buffer): boolean {
    return this.flow.send(wire) || this.#table.answerElsewhere(this, wire);
  }
}

function fireJ(transaction: NonInviteServerTransaction): void {
  transaction.expire();
}
