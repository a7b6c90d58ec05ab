import { toTag, type Dialog } from '../dialogs/dialog.ts';
import { newTag } from '../ids.ts';
import { glanceAt } from '../messages/glance.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import type { InviteServerTransaction } from '../transactions/inviteServer.ts';
import type { NonInviteServerTransaction } from '../transactions/nonInviteServer.ts';
import type { ServerTransaction, TransactionUser } from '../transactions/transactions.ts';
import type { Flow } from '../transports/flow.ts';
import type { TransportUser, Unreadable } from '../transports/transports.ts';
import type { Application } from './application.ts';
import type { ControlUser, ProxyOrder, SipOrder } from './controlServer.ts';
import { malformation, parsePartial } from './partialMessage.ts';
import type { Parts } from './parts.ts';
import { Proxy } from './proxy.ts';
import { respondTo } from './response.ts';
import type { SessionTimerOwner } from './sessionTimers.ts';
import { Uac } from './uac.ts';
import { Uas } from './uas.ts';
import { sendBack } from './wayBack.ts';

/**
 * Where messages and orders meet: what arrives goes through the transactions to the user agent server or client or the
 * proxy, what applications order goes to whichever of them it concerns. It decides nothing else.
 */
export class Core implements TransportUser, TransactionUser, ControlUser, SessionTimerOwner {
  #parts!: Parts;
  #uas!: Uas;
  #uac!: Uac;
  #proxy!: Proxy;

  /** Before anything is bound. */
  attach(parts: Parts): void {
    this.#parts = parts;
    this.#proxy = new Proxy(parts);
    this.#uac = new Uac(parts, {
      dialogEnded: (dialog) => {
        this.#uas.endDialog(dialog);
      },
      holdsBye: (dialog, send) => this.#uas.holdsBye(dialog, send),
    });
    this.#uas = new Uas(parts, {
      endDialog: (dialog: Dialog<Application>, text) => {
        this.#uac.sendBye(dialog, text);
      },
      dialogEnded: (dialog) => {
        this.#uac.dialogEnded(dialog);
      },
    });
  }

  requestReceived(request: SipRequest, flow: Flow): void {
    this.#parts.transactions.receiveRequest(request, flow);
  }

  responseReceived(response: SipResponse, flow: Flow): void {
    const awaited = this.#parts.transactions.receiveResponse(response, flow);
    // Who answers a call of ours may go on speaking, whoever else floods.
    if (awaited && response.status >= 200 && response.status < 300) this.#parts.transports.accepted(flow);
  }

  unreadableReceived({ request, status, reason }: Unreadable, flow: Flow): void {
    if (request) this.refused(request, flow, status, reason);
  }

  expects(datagram: Buffer): boolean {
    const glance = glanceAt(datagram);
    if (glance?.kind === 'response') return this.#parts.transactions.awaits(glance.branch, glance.method);
    return glance !== undefined && this.#parts.dialogs.has(glance.callId, glance.toTag, glance.fromTag);
  }

  flowClosed(flow: Flow): void {
    this.#parts.bindings.flowClosed(flow);
    this.#parts.transactions.flowClosed(flow);
  }

  requestArrived(transaction: ServerTransaction): void {
    const { request } = transaction;
    const dialog =
      this.#parts.dialogs.ofRequest(request.headers) ??
      (request.method === 'NOTIFY' ? this.#uac.dialogOfEarlyNotify(request) : undefined);
    if (dialog) {
      this.#uas.requestInDialog(transaction, dialog);
    } else if (this.#proxy.requestArrived(transaction)) {
      // It went on along its route.
    } else if (toTag(request.headers) !== undefined && request.method !== 'REGISTER') {
      transaction.respond(481, serializeMessage(respondTo(request, 481, 'Call/Transaction Does Not Exist')));
    } else {
      this.#uas.requestArrived(transaction);
    }
  }

  trying(invite: SipRequest): Buffer {
    return serializeMessage(respondTo(invite, 100, 'Trying'));
  }

  cancelArrived(cancel: NonInviteServerTransaction, invite: InviteServerTransaction | undefined): void {
    if (!invite || !this.#proxy.cancelArrived(cancel, invite)) this.#uas.cancelArrived(cancel, invite);
  }

  ackArrived(ack: SipRequest, flow: Flow): void {
    if (!this.#uas.ackArrived(ack, flow)) this.#proxy.ackArrived(ack, flow);
  }

  refreshDue(dialog: Dialog<Application>): void {
    this.#uac.refresh(dialog);
  }

  sessionExpired(dialog: Dialog<Application>): void {
    this.#uac.sendBye(dialog, 'Session timer expired', 'session-expired');
  }

  strayResponse(): void {
    // A 2xx that comes after its transaction: who sent it stops when its own time is over.
  }

  serverTransactionEnded(transaction: ServerTransaction): void {
    this.#uas.transactionEnded(transaction);
    this.#proxy.transactionEnded(transaction);
  }

  answerElsewhere(transaction: ServerTransaction, wire: Buffer): boolean {
    return sendBack(this.#parts, transaction, wire);
  }

  /** Answers without keeping anything; nobody is asked. */
  refused(request: SipRequest, flow: Flow, status: number, reason: string): void {
    const response = respondTo(request, status, reason, newTag());
    if (status === 503) response.headers.add('Retry-After', '5');
    flow.send(serializeMessage(response));
  }

  hostports(): { external: string; local: string } {
    return this.#parts.transports.hostports();
  }

  send(application: Application, order: SipOrder): void {
    const partial = parsePartial(order.message);
    const problem = partial ? malformation(partial) : 'the message cannot be read';
    if (!partial || problem !== undefined) application.respond(order.requestId, 'NOK', problem);
    else if (partial.kind === 'request') this.#uac.send(application, order, partial);
    else if (order.transactionId === '') application.respond(order.requestId, 'NO', 'transaction id missing');
    else this.#uas.respond(application, order, partial);
  }

  proxy(application: Application, order: ProxyOrder): void {
    const transaction = this.#uas.release(application, order.transactionId);
    if (transaction) this.#proxy.order(application, order, transaction);
    else application.respond(order.requestId, 'NOK', 'unknown transaction id');
  }

  applicationGone(application: Application): void {
    this.#uas.applicationGone(application);
    this.#uac.applicationGone(application);
  }

  close(): void {
    this.#uas.close();
    this.#proxy.close();
  }
}
