import { randomUUID } from 'node:crypto';
import type { Dialog } from '../dialogs/dialog.ts';
import type { SuccessRetransmission } from '../dialogs/successRetransmission.ts';
import type { ReliableProvisionals } from '../dialogs/reliableProvisionals.ts';
import { newTag } from '../ids.ts';
import type { SipRequest } from '../messages/message.ts';
import { InviteServerTransaction } from '../transactions/inviteServer.ts';
import type { ServerTransaction } from '../transactions/transactions.ts';
import type { Application } from './application.ts';

/** A request from the network that an application is to answer, under the id it was told. */
export class IncomingRequest {
  readonly id = randomUUID();
  readonly transaction: ServerTransaction;
  /** As it came; when nothing of it is needed any more, no more than its method. */
  request: SipRequest;
  readonly application: Application;
  /** When it came, in milliseconds since the epoch. */
  readonly since: number;
  /** The dialog it belongs to or has begun. */
  dialog: Dialog<Application> | undefined;
  /** Whether the dialog was there before. */
  readonly inDialog: boolean;
  /** Our tag in To, for the whole transaction (RFC 3261 8.2.6.2). */
  localTag = newTag();
  /** Of the last response; 0 before any. */
  status = 0;
  reliable: ReliableProvisionals | undefined;
  /** Sends the 2xx that waits for a PRACK, or says that it cannot be sent any more. */
  held: (() => void) | undefined;
  success: SuccessRetransmission | undefined;

  constructor(
    transaction: ServerTransaction,
    application: Application,
    dialog: Dialog<Application> | undefined,
    now: number,
  ) {
    this.since = now;
    this.transaction = transaction;
    this.request = transaction.request;
    this.application = application;
    this.dialog = dialog;
    this.inDialog = dialog !== undefined;
  }

  get method(): string {
    return this.request.method;
  }

  /** Nobody will ask for the request's header any more: it was refused, or its 2xx acknowledged. */
  settled(): void {
    if (this.transaction instanceof InviteServerTransaction) this.transaction.settled();
    this.request = this.transaction.request;
    this.success = undefined;
    this.reliable = undefined;
  }
}
