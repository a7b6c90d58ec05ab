import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import type { ServerTransaction } from '../transactions/transactions.ts';
import type { Flow } from '../transports/flow.ts';
import type { Application } from './application.ts';
import type { CallRecords, EndReason, RecordSource } from './callRecords.ts';
import type { ProxyOrder } from './controlServer.ts';
import { describe } from './describe.ts';
import { isChallenge, type Forwarding, type ForwardingObserver } from './forwarding.ts';
import type { Parts } from './parts.ts';

/** Tells an application how its order fares, and records the call: each target's side, and the caller's. */
export class OrderedReport implements ForwardingObserver {
  readonly #application: Application;
  readonly #order: ProxyOrder;
  readonly #transaction: ServerTransaction;
  readonly #parts: Parts;
  readonly #ended: (forwarding: Forwarding) => void;
  #done = false;

  constructor(
    application: Application,
    order: ProxyOrder,
    transaction: ServerTransaction,
    parts: Parts,
    ended: (forwarding: Forwarding) => void,
  ) {
    this.#application = application;
    this.#order = order;
    this.#transaction = transaction;
    this.#parts = parts;
    this.#ended = ended;
  }

  targetTried(request: SipRequest): void {
    if (this.#isCall) this.#parts.records.attempt('application', serializeMessage(request));
  }

  targetAnswered(response: SipResponse, flow: Flow): void {
    const wire = serializeMessage(response);
    // Of several forks that answer, one has the call.
    if (response.status >= 300 || !this.#done) this.#record('network', response.status, wire);
    if (!this.#order.fullResponse || this.#done) return;
    const told = describe('network', wire.length, flow, this.#parts.clock.now());
    const { requestId, transactionId } = this.#order;
    this.#application.sendMessage(`response|${requestId}|OK|${told}|${transactionId}||continue|`, wire);
  }

  targetFailed(response: SipResponse): void {
    this.#record('network', response.status, serializeMessage(response));
  }

  forwardingEnded(forwarding: Forwarding, response: SipResponse): void {
    this.#done = true;
    this.#record('application', response.status, serializeMessage(response));
    this.#application.respond(this.#order.requestId, 'OK', 'done');
    this.#ended(forwarding);
  }

  get #isCall(): boolean {
    return this.#transaction.request.method === 'INVITE';
  }

  #record(source: RecordSource, status: number, wire: Buffer): void {
    if (!this.#isCall || status < 200) return;
    const { records } = this.#parts;
    const reason: EndReason = status === 487 ? 'call-canceled' : 'call-rejected';
    if (status >= 300) records.stop(source, reason, wire);
    else records.start(source, source === 'network' ? 'proxy-uac' : 'proxy-uas', wire);
  }
}

/** Records that a call ends whose BYE passes; one that is challenged comes again. */
export class PassingBye implements ForwardingObserver {
  readonly #records: CallRecords;
  readonly #received: Buffer;
  #sent: Buffer | undefined;

  constructor(bye: SipRequest, records: CallRecords) {
    this.#received = serializeMessage(bye);
    this.#records = records;
  }

  targetTried(request: SipRequest): void {
    this.#sent = serializeMessage(request);
  }

  targetAnswered(): void {
    // What ends the call is that somebody hung up, not what the other says to it.
  }

  targetFailed(): void {
    // Nor that the other is gone already.
  }

  forwardingEnded(_: Forwarding, response: SipResponse): void {
    if (isChallenge(response)) return;
    this.#records.stop('network', 'normal-release', this.#received);
    if (this.#sent) this.#records.stop('application', 'normal-release', this.#sent);
  }
}
