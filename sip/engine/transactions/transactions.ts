import type { Clock } from '../clock.ts';
import { parseCSeq, type CSeq } from '../messages/cseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { parseTo, tagOf } from '../messages/nameAddr.ts';
import { parseVia } from '../messages/via.ts';
import type { Flow } from '../transports/flow.ts';
import { InviteClientTransaction, type InviteClientOwner, type InviteClientTable } from './inviteClient.ts';
import { InviteServerTransaction, type InviteServerTable } from './inviteServer.ts';
import { clientKey, mergeKey, serverKey } from './key.ts';
import { NonInviteClientTransaction, type NonInviteClientOwner, type NonInviteClientTable } from './nonInviteClient.ts';
import { NonInviteServerTransaction, type NonInviteServerTable } from './nonInviteServer.ts';
import type { TransactionTimers } from './timers.ts';

export type ServerTransaction = InviteServerTransaction | NonInviteServerTransaction;
export type ClientTransaction = InviteClientTransaction | NonInviteClientTransaction;

/** Who works with the transactions (RFC 3261 17: the transaction user). */
export interface TransactionUser {
  /** A request nobody has seen before, other than ACK and CANCEL. */
  requestArrived(transaction: ServerTransaction): void;
  /** A 100 (Trying) to an INVITE that was not answered at once (17.2.1). */
  trying(invite: SipRequest): Buffer;
  /** A CANCEL, with the INVITE it is about or undefined where there is none (9.2). */
  cancelArrived(cancel: NonInviteServerTransaction, invite: InviteServerTransaction | undefined): void;
  /** An ACK for a 2xx, which no transaction uses up (13.3.1.4). */
  ackArrived(ack: SipRequest, flow: Flow): void;
  /** A response that no transaction waits for. */
  strayResponse(response: SipResponse, flow: Flow): void;
  /** A server transaction ended: nothing can be answered any more. */
  serverTransactionEnded(transaction: ServerTransaction): void;
  /** The flow of a request is gone: whether its answer leaves another way (18.2.2). */
  answerElsewhere(transaction: ServerTransaction, wire: Buffer): boolean;
  /** A request that is answered without a transaction: 482 for a merged one, 503 where there are too many. */
  refused(request: SipRequest, flow: Flow, status: number, reason: string): void;
}

/** How many transactions may be under way at once. */
export interface TransactionLimits {
  server: number;
  /** Of requests that applications send; those of the proxy are bounded by what comes in. */
  client: number;
}

/** All transactions of the engine, by the keys of 17.1.3 and 17.2.3. */
export class Transactions implements InviteServerTable, NonInviteServerTable, InviteClientTable, NonInviteClientTable {
  readonly #user: TransactionUser;
  readonly #clock: Clock;
  readonly #timers: TransactionTimers;
  readonly #limits: TransactionLimits;
  readonly #servers = new Map<string, ServerTransaction>();
  readonly #merges = new Map<string, string>();
  readonly #clients = new Map<string, ClientTransaction>();
  /** Those that a broken connection fails. */
  readonly #byFlow = new Map<Flow, Set<ClientTransaction>>();

  constructor(user: TransactionUser, clock: Clock, timers: TransactionTimers, limits: TransactionLimits) {
    this.#user = user;
    this.#clock = clock;
    this.#timers = timers;
    this.#limits = limits;
  }

  get serverCount(): number {
    return this.#servers.size;
  }

  /** Whether as many requests of ours are under way as may be. */
  get clientsFull(): boolean {
    return this.#clients.size >= this.#limits.client;
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** A request that was checked: Via, CSeq, To, From and Call-ID are there and well formed. */
  receiveRequest(request: SipRequest, flow: Flow): void {
    const { headers, method } = request;
    const via = headers.first('via', parseVia);
    const cseq = headers.first('cseq', parseCSeq);
    if (!via || !cseq) return;
    const key = serverKey(request, via, cseq, method === 'ACK' ? 'INVITE' : method);
    const known = this.#servers.get(key);
    if (method === 'ACK') {
      if (known instanceof InviteServerTransaction && known.acknowledged()) return;
      this.#user.ackArrived(request, flow);
      return;
    }
    if (known) {
      known.retransmitted();
      return;
    }
    if (this.#servers.size >= this.#limits.server) {
      this.#user.refused(request, flow, 503, 'Service Unavailable');
      return;
    }
    const merge = method === 'CANCEL' ? undefined : mergeable(request, cseq);
    if (merge !== undefined) {
      const other = this.#merges.get(merge);
      if (other !== undefined && other !== key && this.#servers.has(other)) {
        this.#user.refused(request, flow, 482, 'Loop Detected');
        return;
      }
      this.#merges.set(merge, key);
    }
    const transaction =
      method === 'INVITE'
        ? new InviteServerTransaction(key, merge, request, flow, this, this.#clock, this.#timers)
        : new NonInviteServerTransaction(key, merge, request, flow, this, this.#clock, this.#timers);
    this.#servers.set(key, transaction);
    if (transaction instanceof NonInviteServerTransaction && method === 'CANCEL') {
      const invite = this.#servers.get(serverKey(request, via, cseq, 'INVITE'));
      this.#user.cancelArrived(transaction, invite instanceof InviteServerTransaction ? invite : undefined);
    } else {
      this.#user.requestArrived(transaction);
    }
  }

  /** Whether a request of this branch and method waits for its response, or may get it again. */
  awaits(branch: string, method: string): boolean {
    return this.#clients.has(clientKey(branch, method));
  }

  /**
   * A response that was checked: Via and CSeq are there and well formed.
   * @returns whether a request of ours awaited it
   */
  receiveResponse(response: SipResponse, flow: Flow): boolean {
    const branch = response.headers.first('via', parseVia)?.params.get('branch');
    const cseq = response.headers.first('cseq', parseCSeq);
    const transaction = branch && cseq ? this.#clients.get(clientKey(branch, cseq.method)) : undefined;
    if (transaction) transaction.receive(response);
    else this.#user.strayResponse(response, flow);
    return transaction !== undefined;
  }

  /** Sends an INVITE. @param makeAck the ACK for a refusal */
  invite(
    branch: string,
    wire: Buffer,
    flow: Flow,
    makeAck: (response: SipResponse) => Buffer,
    owner: InviteClientOwner,
  ): InviteClientTransaction {
    const key = clientKey(branch, 'INVITE');
    const transaction = new InviteClientTransaction(key, wire, makeAck, flow, owner, this, this.#clock, this.#timers);
    this.#keepClient(transaction);
    transaction.start();
    return transaction;
  }

  /** Sends a request of any method but INVITE and ACK. */
  request(
    branch: string,
    method: string,
    wire: Buffer,
    flow: Flow,
    owner: NonInviteClientOwner,
  ): NonInviteClientTransaction {
    const key = clientKey(branch, method);
    const transaction = new NonInviteClientTransaction(key, wire, flow, owner, this, this.#clock, this.#timers);
    this.#keepClient(transaction);
    transaction.start();
    return transaction;
  }

  /** A connection is gone: nothing will be answered on it any more. */
  flowClosed(flow: Flow): void {
    for (const transaction of [...(this.#byFlow.get(flow) ?? [])]) transaction.flowClosed();
  }

  trying({ request }: InviteServerTransaction): Buffer {
    return this.#user.trying(request);
  }

  inviteClientTerminated(transaction: InviteClientTransaction): void {
    this.#clientEnded(transaction);
  }

  nonInviteClientTerminated(transaction: NonInviteClientTransaction): void {
    this.#clientEnded(transaction);
  }

  answerElsewhere(transaction: ServerTransaction, wire: Buffer): boolean {
    return this.#user.answerElsewhere(transaction, wire);
  }

  inviteServerTerminated(transaction: InviteServerTransaction): void {
    this.#serverEnded(transaction);
  }

  nonInviteServerTerminated(transaction: NonInviteServerTransaction): void {
    this.#serverEnded(transaction);
  }

  /** Stops every timer. */
  close(): void {
    for (const transaction of this.#servers.values()) transaction.abandon();
    for (const transaction of this.#clients.values()) transaction.abandon();
    this.#servers.clear();
    this.#clients.clear();
    this.#merges.clear();
    this.#byFlow.clear();
  }

  #keepClient(transaction: ClientTransaction): void {
    const { key, flow } = transaction;
    this.#clients.set(key, transaction);
    if (!flow.reliable) return;
    const others = this.#byFlow.get(flow);
    if (others) others.add(transaction);
    else this.#byFlow.set(flow, new Set([transaction]));
  }

  #clientEnded(transaction: ClientTransaction): void {
    const { key, flow } = transaction;
    this.#clients.delete(key);
    const others = this.#byFlow.get(flow);
    others?.delete(transaction);
    if (others?.size === 0) this.#byFlow.delete(flow);
  }

  #serverEnded(transaction: ServerTransaction): void {
    const { key, mergeKey } = transaction;
    this.#servers.delete(key);
    if (mergeKey !== undefined && this.#merges.get(mergeKey) === key) this.#merges.delete(mergeKey);
    this.#user.serverTransactionEnded(transaction);
  }
}

/** The merge key of a request outside of a dialog; inside one, retransmissions are found by their CSeq. */
function mergeable(request: SipRequest, cseq: CSeq): string | undefined {
  const to = request.headers.first('to', parseTo);
  return to && tagOf(to) === undefined ? mergeKey(request, cseq) : undefined;
}
