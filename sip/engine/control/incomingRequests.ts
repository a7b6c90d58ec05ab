import type { ServerTransaction } from '../transactions/transactions.ts';
import type { Application } from './application.ts';
import type { IncomingRequest } from './incomingRequest.ts';

/** The requests that applications are to answer, by the id they were told and by their transaction. */
export class IncomingRequests {
  readonly #waiting = new Map<string, IncomingRequest>();
  readonly #byTransaction = new Map<ServerTransaction, IncomingRequest>();

  add(incoming: IncomingRequest): void {
    this.#waiting.set(incoming.id, incoming);
    this.#byTransaction.set(incoming.transaction, incoming);
  }

  /** The request of this id that still waits for its answer from this application. */
  of(application: Application, id: string): IncomingRequest | undefined {
    const incoming = this.#waiting.get(id);
    return incoming?.application === application ? incoming : undefined;
  }

  /** The request of a transaction, answered or not, while the transaction lasts. */
  ofTransaction(transaction: ServerTransaction): IncomingRequest | undefined {
    return this.#byTransaction.get(transaction);
  }

  /** Every request that still waits. */
  waiting(): IncomingRequest[] {
    return [...this.#waiting.values()];
  }

  /** It has its final response. Only an INVITE can be found afterwards, for the CANCEL that comes too late. */
  settle(incoming: IncomingRequest): void {
    this.#waiting.delete(incoming.id);
    if (incoming.method !== 'INVITE') this.#byTransaction.delete(incoming.transaction);
    else if (incoming.status >= 300) incoming.settled();
  }

  /** Its transaction is over, or not ours any more. */
  forget(incoming: IncomingRequest): void {
    this.settle(incoming);
    this.#byTransaction.delete(incoming.transaction);
    incoming.reliable?.stop();
  }
}
