import { Dialog, toTag } from '../dialogs/dialog.ts';
import { SuccessRetransmission } from '../dialogs/successRetransmission.ts';
import { newTag } from '../ids.ts';
import { parseCSeq } from '../messages/cseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import type { InviteServerTransaction } from '../transactions/inviteServer.ts';
import type { NonInviteServerTransaction } from '../transactions/nonInviteServer.ts';
import type { ServerTransaction } from '../transactions/transactions.ts';
import type { Flow } from '../transports/flow.ts';
import type { Application } from './application.ts';
import type { SipOrder } from './controlServer.ts';
import { describe } from './describe.ts';
import { IncomingInvites } from './incomingInvites.ts';
import { IncomingRequest } from './incomingRequest.ts';
import { IncomingRequests } from './incomingRequests.ts';
import type { Parts } from './parts.ts';
import { hasKnownBody, type PartialResponse } from './partialMessage.ts';
import { subscriptionEnd } from '../dialogs/subscription.ts';
import { refusalInDialog } from './refusal.ts';
import { ReliableResponses } from './reliableResponses.ts';
import { respondTo } from './response.ts';
import { completeResponse, isReliable, supports100rel } from './responseCompletion.ts';
import { canAnswer } from './wayBack.ts';

/** How long an INVITE may stay unanswered by its application: longer than any phone rings. */
const UNANSWERED_INVITE_MS = 300_000;
const SWEEP_MS = 10_000;

/** What the user agent server leaves to others. */
export interface UasNeighbours {
  /** Sends a BYE that no application asked for, and tells the application. */
  endDialog(dialog: Dialog<Application>, text: string): void;
  /** The dialog is over. */
  dialogEnded(dialog: Dialog<Application>): void;
}

/** Answers requests, or has an application answer them (RFC 3261 8.2). */
export class Uas {
  readonly #parts: Parts;
  readonly #neighbours: UasNeighbours;
  readonly #incoming = new IncomingRequests();
  readonly #reliable: ReliableResponses;
  readonly #invites = new IncomingInvites();
  #closed = false;

  constructor(parts: Parts, neighbours: UasNeighbours) {
    this.#parts = parts;
    this.#neighbours = neighbours;
    this.#reliable = new ReliableResponses(parts, (incoming) => this.#refuse(incoming, 504, 'Server Time-out'));
    parts.clock.start(SWEEP_MS, sweepUas, this);
  }

  /** A request outside of any dialog. */
  requestArrived(transaction: ServerTransaction): void {
    const { request } = transaction;
    const application = this.#parts.routes.choose(request.method);
    if (!application) {
      this.#reply(transaction, 503, 'Service Unavailable');
      return;
    }
    const refusal = request.method === 'INVITE' && this.#parts.sessionTimers.refusal(request);
    if (refusal) {
      transaction.respond(refusal.status, serializeMessage(refusal));
      return;
    }
    const incoming = new IncomingRequest(transaction, application, undefined, this.#parts.clock.now());
    this.#incoming.add(incoming);
    const wire = serializeMessage(request);
    if (request.method === 'INVITE') this.#parts.records.attempt('network', wire);
    const { flow } = transaction;
    const receivedOn = this.#parts.transports.sentBy(flow).replace(/:(\d+)$/, '|$1');
    application.sendMessage(`${this.#fields(wire, flow)}|${incoming.id}||${receivedOn}|`, wire);
  }

  /** A request in a dialog that is known (12.2.2). */
  requestInDialog(transaction: ServerTransaction, dialog: Dialog<Application>): void {
    const { request } = transaction;
    const sequence = request.headers.first('cseq', parseCSeq)?.sequence ?? 0;
    const refusal = refusalInDialog(request, sequence, dialog) ?? this.#parts.sessionTimers.refusal(request);
    dialog.remoteSequence = Math.max(sequence, dialog.remoteSequence);
    if (refusal) {
      transaction.respond(refusal.status, serializeMessage(refusal));
      return;
    }
    dialog.flow = transaction.flow;
    const application = this.#ownerOf(dialog);
    const wire = serializeMessage(request);
    switch (request.method) {
      case 'PRACK':
        if (!this.#reliable.confirms(request, this.#invites.last(dialog))) {
          this.#reply(transaction, 481, 'Call/Transaction Does Not Exist');
          return;
        }
        break;
      case 'BYE':
        this.endDialog(dialog);
        this.#parts.records.stop('network', 'normal-release', wire);
        if (!application) {
          this.#reply(transaction, 200, 'OK');
          return;
        }
        break;
      default:
    }
    if (!application) {
      this.#reply(transaction, 503, 'Service Unavailable');
      return;
    }
    dialog.offers.request('them', request);
    const incoming = new IncomingRequest(transaction, application, dialog, this.#parts.clock.now());
    this.#incoming.add(incoming);
    if (request.method === 'INVITE') {
      dialog.offered = true;
      this.#invites.add(dialog, incoming);
    }
    this.#tell(application, wire, transaction.flow, incoming.id, dialog.id);
    if (request.method === 'PRACK') this.#reliable.release(this.#invites.last(dialog));
  }

  /** RFC 3261 9.2: 200 for the CANCEL, 487 for the INVITE that is not answered yet. */
  cancelArrived(cancel: NonInviteServerTransaction, invite: InviteServerTransaction | undefined): void {
    const incoming = invite && this.#incoming.ofTransaction(invite);
    if (!invite || !incoming || invite.flow.remote.address !== cancel.flow.remote.address) {
      this.#reply(cancel, 481, 'Call/Transaction Does Not Exist');
      return;
    }
    const told = serializeMessage(cancel.request);
    const answer = respondTo(cancel.request, 200, 'OK', incoming.localTag);
    cancel.respond(200, serializeMessage(answer));
    if (incoming.status >= 200) return;
    const wire = this.#refuse(incoming, 487, 'Request Terminated');
    this.#parts.records.stop('network', 'call-canceled', wire);
    this.#tell(incoming.application, told, cancel.flow, incoming.id, incoming.dialog?.id ?? '');
  }

  /**
   * An ACK for a 2xx.
   * @returns false where it belongs to no dialog of ours.
   */
  ackArrived(ack: SipRequest, flow: Flow): boolean {
    const dialog = this.#parts.dialogs.ofRequest(ack.headers);
    if (!dialog) return false;
    const invite = this.#invites.accepted(dialog, ack.headers.first('cseq', parseCSeq)?.sequence ?? 0);
    if (!invite) return true;
    dialog.offers.request('them', ack);
    this.#tell(dialog.owner, serializeMessage(ack), flow, invite.id, dialog.id);
    this.#acknowledged(invite, dialog);
    return true;
  }

  /** An application answers. */
  respond(application: Application, order: SipOrder, partial: PartialResponse): void {
    const incoming = this.#incoming.of(application, order.transactionId);
    if (!incoming) {
      application.respond(order.requestId, 'NOK', 'Response not sent due to unknown transaction');
      return;
    }
    const { transaction } = incoming;
    if (!canAnswer(transaction.flow)) {
      this.#incoming.forget(incoming);
      application.respond(order.requestId, 'NOK', 'transport for response has been shutdown or closed');
      return;
    }
    if (!hasKnownBody(partial)) {
      application.respond(order.requestId, 'NOK', 'missing content-type');
      return;
    }
    const reliable = isReliable(incoming, partial);
    if (reliable && !supports100rel(incoming.request)) {
      application.respond(order.requestId, 'NOK', 'Remote endpoint does not support 100rel');
      return;
    }
    const again = () => {
      this.respond(application, order, partial);
    };
    if (this.#reliable.holds(incoming, partial.status, again)) return;
    const response = completeResponse(incoming, partial, this.#parts.transports);
    const wire = this.#send(incoming, response, reliable);
    if (!wire) {
      application.respond(order.requestId, 'NOK', 'failed sending, possibly due to far end closing socket');
      return;
    }
    const told = describe('application', wire.length, transaction.flow, this.#parts.clock.now());
    application.respondSent(order.requestId, `${told}|${incoming.id}|${incoming.dialog?.id ?? ''}|`, wire);
  }

  /** The transaction of an INVITE that is to be forwarded instead of answered; from then on it is the proxy's. */
  release(application: Application, transactionId: string): ServerTransaction | undefined {
    const incoming = this.#incoming.of(application, transactionId);
    if (!incoming || incoming.status >= 101 || incoming.inDialog) return undefined;
    this.#incoming.forget(incoming);
    return incoming.transaction;
  }

  /** What waits for this application is answered with 503: nobody else will. */
  applicationGone(application: Application): void {
    for (const incoming of this.#incoming.waiting()) {
      if (incoming.application !== application) continue;
      if (incoming.method === 'BYE') this.#refuse(incoming, 200, 'OK');
      else this.#refuse(incoming, 503, 'Service Unavailable');
    }
  }

  transactionEnded(transaction: ServerTransaction): void {
    const incoming = this.#incoming.ofTransaction(transaction);
    if (incoming) this.#incoming.forget(incoming);
  }

  /** Keeps a BYE until the ACK of our 2xx (RFC 3261 15). @returns false where it may leave at once */
  holdsBye(dialog: Dialog<Application>, send: () => void): boolean {
    return this.#invites.hold(dialog, send);
  }

  /** The dialog is over: what waits in it is answered with 487 (15.1.2), and its 2xx is no longer repeated. */
  endDialog(dialog: Dialog<Application>): void {
    this.#parts.dialogs.endSession(dialog, this.#parts.clock.now());
    this.#parts.sessionTimers.stop(dialog);
    this.#neighbours.dialogEnded(dialog);
    for (const invite of this.#invites.take(dialog)) {
      invite.success?.stop();
      if (invite.status < 200) this.#refuse(invite, 487, 'Request Terminated');
    }
  }

  /** Lets go of what an application left unanswered. */
  sweep(): void {
    if (this.#closed) return;
    const { clock, timers } = this.#parts;
    const now = clock.now();
    this.#parts.dialogs.removeExpired(now);
    for (const incoming of this.#incoming.waiting()) {
      const age = now - incoming.since;
      if (incoming.method === 'INVITE') {
        if (age > UNANSWERED_INVITE_MS) this.#refuse(incoming, 408, 'Request Timeout');
      } else if (age > 64 * timers.t1) {
        // RFC 4320 4.2: too late for any answer but silence.
        this.#incoming.forget(incoming);
        incoming.dialog?.offers.response('us', incoming.request, respondTo(incoming.request, 408, ''));
        incoming.transaction.expire();
      }
    }
    clock.start(SWEEP_MS, sweepUas, this);
  }

  close(): void {
    this.#closed = true;
    this.#invites.close();
    for (const incoming of this.#incoming.waiting()) incoming.reliable?.stop();
  }

  /** Sends an application's response and does what follows from it. */
  #send(incoming: IncomingRequest, response: SipResponse, reliable: boolean): Buffer | undefined {
    const { transaction, request, method } = incoming;
    const { status } = response;
    if (method === 'INVITE' && !incoming.inDialog && status > 100 && status < 300) this.#open(incoming, response);
    if (reliable) return this.#reliable.send(incoming, response);
    const timed = status >= 200 && status < 300 && (method === 'INVITE' || method === 'UPDATE');
    if (timed) this.#parts.sessionTimers.grant(request, response, incoming.dialog?.sessionTimer);
    const wire = serializeMessage(response);
    if (!transaction.respond(status, wire)) return undefined;
    incoming.dialog?.offers.response('us', request, response);
    if (timed && incoming.dialog) this.#parts.sessionTimers.agreed(incoming.dialog, 'uas', request, response);
    incoming.status = status;
    if (status < 200) return wire;
    // An OPTIONS is answered whoever asks.
    if (status < 300 && method !== 'OPTIONS') this.#parts.transports.accepted(transaction.flow);
    if (method === 'INVITE') this.#answered(incoming, response, wire);
    else if (status < 300) this.#granted(incoming, response);
    this.#incoming.settle(incoming);
    if (method === 'NOTIFY' && incoming.dialog) this.#parts.dialogs.notified(incoming.dialog, request);
    return wire;
  }

  /** The first response with a tag begins the dialog (12.1.1). */
  #open(incoming: IncomingRequest, response: SipResponse): void {
    if (incoming.dialog || toTag(response.headers) === undefined) return;
    const contact = response.headers.get('contact') ?? '';
    const { request, transaction, application, localTag } = incoming;
    const dialog = Dialog.answering(request, localTag, contact, transaction.flow, application);
    dialog.offers.request('them', request);
    incoming.dialog = dialog;
    this.#parts.dialogs.add(dialog);
    this.#invites.add(dialog, incoming);
  }

  /** The INVITE has its final response. */
  #answered(incoming: IncomingRequest, response: SipResponse, wire: Buffer): void {
    const { dialog, transaction, request } = incoming;
    incoming.reliable?.stop();
    if (response.status >= 300) {
      if (dialog) this.#refused(incoming, dialog);
      if (!incoming.inDialog) this.#parts.records.stop('application', 'call-rejected', wire);
      return;
    }
    if (!dialog) return;
    if (incoming.inDialog) dialog.refreshTarget(request.headers);
    else this.#parts.records.start('application', 'uas', wire);
    dialog.state = 'confirmed';
    dialog.localContact = response.headers.get('contact') ?? dialog.localContact;
    incoming.success = new SuccessRetransmission(
      {
        repeatSuccess: () => {
          transaction.respond(response.status, wire);
        },
        neverAcknowledged: () => {
          if (!this.#invites.remove(dialog, incoming)) this.#neighbours.endDialog(dialog, 'ACK timeout');
        },
      },
      this.#parts.clock,
      this.#parts.timers,
    );
  }

  #refused(incoming: IncomingRequest, dialog: Dialog<Application>): void {
    this.#invites.remove(dialog, incoming);
    if (!incoming.inDialog) this.#parts.dialogs.remove(dialog);
  }

  #acknowledged(invite: IncomingRequest, dialog: Dialog<Application>): void {
    invite.success?.stop();
    invite.settled();
    invite.dialog = undefined;
    this.#invites.remove(dialog, invite);
  }

  /** A 2xx to something else than INVITE. */
  #granted(incoming: IncomingRequest, response: SipResponse): void {
    const { request, transaction, method, dialog } = incoming;
    if (method === 'REGISTER') this.#parts.bindings.granted(request, response, transaction.flow);
    if (method === 'UPDATE' || (method === 'SUBSCRIBE' && dialog)) dialog?.refreshTarget(request.headers);
    if (method === 'REFER') dialog?.referred(response);
    if (method !== 'SUBSCRIBE') return;
    const expiresAt = subscriptionEnd(request, response, this.#parts.clock.now());
    if (dialog) {
      if (dialog.usage === 'subscription') dialog.expiresAt = expiresAt;
      return;
    }
    const contact = response.headers.get('contact') ?? '';
    const begun = Dialog.answering(request, incoming.localTag, contact, transaction.flow, incoming.application);
    begun.state = 'confirmed';
    begun.expiresAt = expiresAt;
    incoming.dialog = begun;
    this.#parts.dialogs.add(begun);
  }

  /** A final response that no application made. */
  #refuse(incoming: IncomingRequest, status: number, reason: string): Buffer {
    const response = respondTo(incoming.request, status, reason, incoming.localTag);
    const wire = serializeMessage(response);
    incoming.transaction.respond(status, wire);
    incoming.dialog?.offers.response('us', incoming.request, response);
    incoming.status = status;
    incoming.reliable?.stop();
    this.#incoming.settle(incoming);
    if (incoming.dialog && incoming.method === 'INVITE') this.#refused(incoming, incoming.dialog);
    // With 487 a CANCEL or BYE is answered, which has a record of its own.
    const isCall = incoming.method === 'INVITE' && !incoming.inDialog;
    if (isCall && status !== 487) this.#parts.records.stop('application', 'call-rejected', wire);
    this.#reliable.release(incoming);
    return wire;
  }

  /** The application that has the dialog; where it is gone, one with the same tags. */
  #ownerOf(dialog: Dialog<Application>): Application | undefined {
    if (!dialog.owner.closed) return dialog.owner;
    const heir = this.#parts.routes.applicationLike(dialog.owner);
    if (heir) dialog.owner = heir;
    return heir;
  }

  #tell(application: Application, wire: Buffer, flow: Flow, id: string, dialogId: string): void {
    application.sendMessage(`${this.#fields(wire, flow)}|${id}|${dialogId}|`, wire);
  }

  #fields(wire: Buffer, flow: Flow): string {
    return `sip|${describe('network', wire.length, flow, this.#parts.clock.now())}`;
  }

  #reply(transaction: ServerTransaction, status: number, reason: string): void {
    const tag = this.#incoming.ofTransaction(transaction)?.localTag ?? newTag();
    transaction.respond(status, serializeMessage(respondTo(transaction.request, status, reason, tag)));
  }
}

function sweepUas(uas: Uas): void {
  uas.sweep();
}
