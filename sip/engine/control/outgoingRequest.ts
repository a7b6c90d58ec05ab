import { randomUUID } from 'node:crypto';
import type { Dialog } from '../dialogs/dialog.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { ClientTransaction } from '../transactions/transactions.ts';
import type { Flow } from '../transports/flow.ts';
import type { Application } from './application.ts';

/** Hears how a request of ours fared. */
export interface OutgoingOwner {
  answered(outgoing: OutgoingRequest, response: SipResponse): void;
  failed(outgoing: OutgoingRequest, reason: 'timeout' | 'transport'): void;
}

/** A request that was sent for an application, under the id it was told; or on our own account. */
export class OutgoingRequest {
  readonly id = randomUUID();
  readonly request: SipRequest;
  readonly flow: Flow;
  /** Undefined where nobody waits for the answer. */
  readonly application: Application | undefined;
  /** The dialog it was sent in. */
  readonly inDialog: Dialog<Application> | undefined;
  /** Dialogs that responses to it have begun: one each fork. */
  readonly begun: Dialog<Application>[] = [];
  /** RSeq of the last reliable provisional response, by To tag; repetitions are not told again (RFC 3262 4). */
  readonly reliable = new Map<string, number>();
  transaction: ClientTransaction | undefined;
  /** Of the last response; 0 before any. */
  status = 0;
  /** It is to be cancelled as soon as anything was answered (RFC 3261 9.1). */
  cancel: SipRequest | undefined;
  cancelled = false;
  readonly #owner: OutgoingOwner;

  constructor(
    request: SipRequest,
    flow: Flow,
    application: Application | undefined,
    inDialog: Dialog<Application> | undefined,
    owner: OutgoingOwner,
  ) {
    this.request = request;
    this.flow = flow;
    this.application = application;
    this.inDialog = inDialog;
    this.#owner = owner;
  }

  inviteAnswered(_: ClientTransaction, response: SipResponse): void {
    this.#owner.answered(this, response);
  }

  requestAnswered(_: ClientTransaction, response: SipResponse): void {
    this.#owner.answered(this, response);
  }

  inviteFailed(_: ClientTransaction, reason: 'timeout' | 'transport'): void {
    this.#owner.failed(this, reason);
  }

  requestFailed(_: ClientTransaction, reason: 'timeout' | 'transport'): void {
    this.#owner.failed(this, reason);
  }
}
