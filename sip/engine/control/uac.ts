import { Dialog, dialogId, fromTag, toTag } from '../dialogs/dialog.ts';
import { notifyAsResponse, subscriptionEnd } from '../dialogs/subscription.ts';
import { newTag } from '../ids.ts';
import { parseCSeq } from '../messages/cseq.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { parseRSeq } from '../messages/rack.ts';
import { serializeMessage } from '../messages/serialize.ts';
import { Unreachable, type Flow } from '../transports/flow.ts';
import { Acknowledgements } from './acknowledgements.ts';
import type { Application } from './application.ts';
import type { EndReason } from './callRecords.ts';
import type { SipOrder } from './controlServer.ts';
import { Byes } from './byes.ts';
import { Cancellations } from './cancellations.ts';
import { describe } from './describe.ts';
import { normalizeUri, wayInDialog, wayToUri, whenFound, type NextHop } from './nextHop.ts';
import { OutgoingRequest, type OutgoingOwner, type OutgoingParts } from './outgoingRequest.ts';
import type { Parts } from './parts.ts';
import { hasKnownBody, type PartialRequest } from './partialMessage.ts';
import { completeInside, completeOutside, OWN_HEADERS_BYTES, type CompletedRequest } from './requestCompletion.ts';
import { respondTo } from './response.ts';
import { SessionRefresh } from './sessionRefresh.ts';

/** What the user agent client leaves to others. */
export interface UacNeighbours {
  /** The dialog is over. */
  dialogEnded(dialog: Dialog<Application>): void;
  /** Keeps a BYE until the ACK of our 2xx has come. @returns false where it may leave at once */
  holdsBye(dialog: Dialog<Application>, send: () => void): boolean;
}

/** Sends requests for applications (RFC 3261 8.1, 12.2.1). */
export class Uac implements OutgoingOwner {
  readonly #parts: Parts;
  readonly #neighbours: UacNeighbours;
  readonly #outgoing = new Map<string, OutgoingRequest>();
  /** The INVITE of ours that waits for its final response in each dialog. */
  readonly #reinvites = new Map<Dialog<Application>, OutgoingRequest>();
  readonly #acks: Acknowledgements;
  readonly #cancellations: Cancellations;
  readonly #byes: Byes;
  readonly #refresh: SessionRefresh;

  constructor(parts: Parts, neighbours: UacNeighbours) {
    this.#parts = parts;
    this.#neighbours = neighbours;
    this.#acks = new Acknowledgements(parts, (dialog) => {
      if (!dialog.sessionEnded && !dialog.ending) this.sendBye(dialog, 'ACK-BYE due to cancel race condition');
    });
    const make = (sent: OutgoingParts) => this.#make(sent);
    this.#byes = new Byes(parts, { make, dialogEnded: neighbours.dialogEnded });
    this.#cancellations = new Cancellations(parts, {
      make,
      answered: (outgoing, response) => {
        this.answered(outgoing, response);
      },
    });
    this.#refresh = new SessionRefresh(parts, {
      make: (sent) => this.#pending(this.#make(sent)),
      sessionLost: (dialog) => {
        this.sendBye(dialog, 'Session timer expired', 'session-expired');
      },
    });
  }

  /** An application sends a request. */
  send(application: Application, order: SipOrder, partial: PartialRequest): void {
    const full = this.#parts.transactions.clientsFull && partial.method !== 'ACK' && partial.method !== 'CANCEL';
    const refusal = full ? 'too many requests are under way' : this.#order(application, order, partial);
    if (refusal !== undefined) application.respond(order.requestId, 'NOK', refusal);
  }

  /** It is ours to refresh the session (RFC 4028). */
  refresh(dialog: Dialog<Application>): void {
    this.#refresh.refresh(dialog);
  }

  /** A BYE on our own account. */
  sendBye(dialog: Dialog<Application>, text: string, reason?: EndReason): void {
    this.#byes.send(dialog, text, reason);
  }

  /** The dialog of a NOTIFY that came before the 2xx of the SUBSCRIBE or REFER that it belongs to. */
  dialogOfEarlyNotify(notify: SipRequest): Dialog<Application> | undefined {
    const callId = notify.headers.get('call-id');
    const tag = toTag(notify.headers);
    for (const outgoing of this.#outgoing.values()) {
      const { request, inDialog } = outgoing;
      if (inDialog || (request.method !== 'SUBSCRIBE' && request.method !== 'REFER')) continue;
      if (request.headers.get('call-id') !== callId || fromTag(request.headers) !== tag) continue;
      const response = notifyAsResponse(notify);
      if (toTag(response.headers) === undefined) return undefined;
      return this.#subscribed(outgoing, response);
    }
    return undefined;
  }

  answered(outgoing: OutgoingRequest, response: SipResponse): void {
    const { status } = response;
    // Refused twice: its dialog ended before.
    if (outgoing.status >= 200 && (status < 200 || status >= 300)) return;
    if (status === 100) {
      this.#cancellations.proceed(outgoing);
      return;
    }
    outgoing.inDialog?.offers.response('them', outgoing.request, response);
    if (outgoing.request.method === 'INVITE') {
      if (!this.#inviteAnswered(outgoing, response)) return;
    } else if (status >= 200) {
      this.#requestAnswered(outgoing, response);
    }
    // With the final response nothing can be cancelled any more.
    if (status >= 200) this.#outgoing.delete(outgoing.id);
    outgoing.status = status;
    if (outgoing.refreshes && status >= 300) this.#refresh.refused(outgoing, response);
    this.#tell(outgoing, response);
  }

  failed(outgoing: OutgoingRequest, reason: 'timeout' | 'transport'): void {
    const [status, phrase] = reason === 'timeout' ? [408, 'Request Timeout'] : [503, 'Service Unavailable'];
    this.answered(outgoing, respondTo(outgoing.request, status, phrase, newTag()));
  }

  movedOn(outgoing: OutgoingRequest): void {
    outgoing.forks.end();
  }

  /** The dialog is over: an INVITE of ours in it has its answer, whatever the other side still says. */
  dialogEnded(dialog: Dialog<Application>): void {
    const invite = this.#reinvites.get(dialog);
    if (!invite) return;
    this.answered(invite, respondTo(invite.request, 487, 'Request Terminated', newTag()));
    this.#cancellations.abandon(invite);
  }

  /** Nobody waits for the answers any more: calls that ring are cancelled, and those answered meanwhile ended. */
  applicationGone(application: Application): void {
    for (const outgoing of [...this.#outgoing.values()]) {
      if (outgoing.application !== application || outgoing.request.method !== 'INVITE' || outgoing.inDialog) continue;
      this.#cancellations.cancel(outgoing);
    }
  }

  #order(application: Application, order: SipOrder, partial: PartialRequest): string | undefined {
    const { method } = partial;
    if (order.dialogId !== '') {
      const dialog = this.#parts.dialogs.byId(order.dialogId);
      if (method === 'ACK') return this.#acks.order(application, order, partial, dialog);
      if (!dialog?.takes(method)) return 'Server error: unable to find dialog for dialog id provided';
      if (!hasKnownBody(partial)) return 'Server error: missing content-type';
      // RFC 3261 15: not before the ACK; what becomes of the dialog meanwhile decides then.
      const again = () => {
        this.send(application, order, partial);
      };
      if (method === 'BYE' && this.#neighbours.holdsBye(dialog, again)) return undefined;
      this.#sendInside(application, order, partial, dialog);
      return undefined;
    }
    if (method === 'CANCEL') return this.#orderCancel(application, order, partial);
    if (!hasKnownBody(partial)) return 'missing content-type';
    if (method === 'ACK') return 'ACK needs the dialog it belongs to';
    return this.#sendOutside(application, order, partial);
  }

  #sendOutside(application: Application, order: SipOrder, partial: PartialRequest): string | undefined {
    const uri = normalizeUri(partial.uri);
    if (uri === undefined) return `invalid request-uri: ${partial.method} ${partial.uri} SIP/2.0`;
    const target = order.proxy || (partial.headers.get('route') ?? uri);
    const bytes = OWN_HEADERS_BYTES + order.message.length;
    whenFound(wayToUri(this.#parts, target, bytes), (hop) => {
      if (hop === 'self') {
        application.respond(order.requestId, 'NOK', 'can not send request to myself');
        return;
      }
      this.#launch(application, order, hop, undefined, (flow, sent) =>
        completeOutside({ ...partial, uri }, this.#parts.transports, flow, sent),
      );
    });
    return undefined;
  }

  #sendInside(application: Application, order: SipOrder, partial: PartialRequest, dialog: Dialog<Application>): void {
    const sequence = dialog.nextSequence();
    const { method } = partial;
    const timed = (method === 'INVITE' || method === 'UPDATE') && dialog.sessionTimer;
    if (timed) this.#parts.sessionTimers.ask(timed, partial.headers);
    if (method === 'BYE') dialog.ending = true;
    const glare = method === 'INVITE' && (dialog.invitePending || dialog.offered);
    if (method === 'INVITE' && !glare) dialog.invitePending = true;
    const bytes = OWN_HEADERS_BYTES + order.message.length;
    whenFound(wayInDialog(this.#parts, dialog, bytes), (hop) => {
      this.#launch(
        application,
        order,
        hop === 'self' ? new Unreachable() : hop,
        dialog,
        (flow) => completeInside(partial, dialog, sequence, this.#parts.transports, flow),
        glare,
      );
    });
  }

  /** Sends what was completed and tells the application what left; without a way it hears of a 503. */
  #launch(
    application: Application,
    order: SipOrder,
    hop: Exclude<NextHop, 'self'>,
    dialog: Dialog<Application> | undefined,
    complete: (flow: Flow, sent?: SipRequest) => CompletedRequest,
    glare = false,
  ): void {
    const unreachable = hop instanceof Unreachable;
    const flow = unreachable ? (dialog?.flow ?? this.#parts.transports.anyFlow()) : hop.flow;
    if (!flow) {
      application.respond(order.requestId, 'NOK', 'requested protocol/transport not available');
      return;
    }
    const completed = complete(flow);
    const way = { flow, rest: unreachable ? [] : hop.rest };
    const outgoing = this.#make({ completed, way, application, inDialog: dialog, again: complete });
    const wire = serializeMessage(completed.request);
    const told = describe('application', wire.length, flow, this.#parts.clock.now());
    application.respondSent(order.requestId, `${told}|${outgoing.id}`, wire);
    if (completed.request.method === 'INVITE' && !dialog) this.#parts.records.attempt('application', wire);
    if (completed.request.method === 'BYE') this.#parts.records.stop('application', 'normal-release', wire);
    this.#outgoing.set(outgoing.id, outgoing);
    if (!glare) this.#pending(outgoing);
    // RFC 3261 14.1: one INVITE at a time; it is refused here as the other side would.
    if (glare) this.answered(outgoing, respondTo(completed.request, 491, 'Request Pending', newTag()));
    else if (dialog?.state === 'terminated') {
      // It ended while its next hop was looked up.
      this.answered(outgoing, respondTo(completed.request, 481, 'Call/Transaction Does Not Exist', newTag()));
    } else if (unreachable) this.answered(outgoing, respondTo(completed.request, 503, hop.reason, newTag()));
    else {
      dialog?.offers.request('us', completed.request);
      outgoing.start(wire);
    }
  }

  /** An INVITE in a dialog waits for its final response. */
  #pending(outgoing: OutgoingRequest): OutgoingRequest {
    const { inDialog, request } = outgoing;
    if (inDialog && request.method === 'INVITE') this.#reinvites.set(inDialog, outgoing);
    return outgoing;
  }

  /** It has it: the next one may go. */
  #settled(outgoing: OutgoingRequest): void {
    const { inDialog } = outgoing;
    if (!inDialog || this.#reinvites.get(inDialog) !== outgoing) return;
    this.#reinvites.delete(inDialog);
    inDialog.invitePending = false;
  }

  #make(sent: OutgoingParts): OutgoingRequest {
    return new OutgoingRequest(sent, this, this.#parts);
  }

  /** @returns false where the application is not to hear of it. */
  #inviteAnswered(outgoing: OutgoingRequest, response: SipResponse): boolean {
    const { status } = response;
    if (status < 200) return this.#alerted(outgoing, response);
    this.#settled(outgoing);
    if (status >= 300) {
      outgoing.forks.end();
      if (!outgoing.inDialog)
        this.#parts.records.stop(
          'network',
          status === 487 ? 'call-canceled' : 'call-rejected',
          serializeMessage(response),
        );
      return true;
    }
    const dialog = this.#dialogOf(outgoing, response);
    const sequence = outgoing.request.headers.first('cseq', parseCSeq)?.sequence ?? 0;
    const acceptance = dialog && outgoing.forks.accept(dialog, sequence);
    // It came again, or from one fork too many.
    if (!acceptance) return false;
    dialog.acceptance = acceptance;
    if (outgoing.inDialog?.sessionEnded) {
      this.#acks.send(dialog);
      return false;
    }
    dialog.refreshTarget(response.headers);
    if (!outgoing.inDialog) {
      dialog.refreshRoutes(response);
      dialog.offers.response('them', outgoing.request, response);
    }
    this.#confirm(dialog);
    this.#parts.sessionTimers.agreed(dialog, 'uac', outgoing.request, response);
    if (outgoing.refreshes) {
      this.#acks.send(dialog);
      return false;
    }
    if (outgoing.status >= 200 || !outgoing.application || outgoing.application.closed) {
      // Another fork answered before, or nobody is there: the session is ended at once (13.2.2.4).
      this.#acks.send(dialog);
      this.sendBye(dialog, 'No longer wanted');
      return false;
    }
    dialog.cancelled = outgoing.cancelled;
    outgoing.forks.keep(dialog);
    if (!outgoing.inDialog) this.#parts.records.start('network', 'uac', serializeMessage(response));
    return true;
  }

  /** A provisional response: it may begin an early dialog, and a reliable one is told once. */
  #alerted(outgoing: OutgoingRequest, response: SipResponse): boolean {
    this.#cancellations.proceed(outgoing);
    const tag = toTag(response.headers);
    const dialog = tag === undefined || outgoing.inDialog ? undefined : this.#dialogOf(outgoing, response);
    if (tag !== undefined && !outgoing.inDialog && !dialog) return false;
    const rseq = response.headers.read('rseq', parseRSeq);
    if (rseq !== undefined && tag !== undefined) {
      // RFC 3262 4: the next number alone; who skipped one says it again when nobody confirms.
      const last = outgoing.reliable.get(tag);
      if (last !== undefined && rseq !== last + 1) return false;
      outgoing.reliable.set(tag, rseq);
    }
    dialog?.offers.response('them', outgoing.request, response);
    return true;
  }

  /** The dialog of a response, begun by it where it is a fork's first; undefined where there are too many of them. */
  #dialogOf(outgoing: OutgoingRequest, response: SipResponse): Dialog<Application> | undefined {
    const known = outgoing.inDialog ?? outgoing.forks.of(response);
    if (known) return known;
    if (!outgoing.forks.makeRoomFor(response)) return undefined;
    const dialog = Dialog.asking(outgoing.request, response, outgoing.flow, outgoing.application as Application);
    dialog.offers.request('us', outgoing.request);
    outgoing.forks.add(dialog);
    return dialog;
  }

  #confirm(dialog: Dialog<Application>): void {
    dialog.state = 'confirmed';
    // The fork that answered is the one that drachtio's name means.
    this.#parts.dialogs.add(dialog);
  }

  #requestAnswered(outgoing: OutgoingRequest, response: SipResponse): void {
    const { request, inDialog } = outgoing;
    const { status } = response;
    switch (request.method) {
      case 'BYE':
        // A challenge is answered with another BYE.
        if (inDialog && status !== 401 && status !== 407) this.#neighbours.dialogEnded(inDialog);
        return;
      case 'SUBSCRIBE':
      case 'REFER':
        if (status >= 300) return;
        if (request.method === 'REFER' && inDialog) inDialog.referred(response);
        else this.#subscribed(outgoing, response);
        return;
      case 'NOTIFY':
        if (inDialog) this.#parts.dialogs.notified(inDialog, request);
        return;
      case 'UPDATE':
        if (status >= 300 || !inDialog) return;
        inDialog.refreshTarget(response.headers);
        this.#parts.sessionTimers.agreed(inDialog, 'uac', request, response);
        return;
      default:
    }
  }

  #subscribed(outgoing: OutgoingRequest, response: SipResponse): Dialog<Application> | undefined {
    const dialog = this.#dialogOf(outgoing, response);
    if (!dialog) return undefined;
    const end = subscriptionEnd(outgoing.request, response, this.#parts.clock.now());
    if (dialog.usage === 'subscription') dialog.expiresAt = end;
    this.#confirm(dialog);
    return dialog;
  }

  #tell(outgoing: OutgoingRequest, response: SipResponse): void {
    const { application, flow, id } = outgoing;
    if (!application) return;
    const wire = serializeMessage(response);
    const dialog = outgoing.inDialog ?? outgoing.forks.of(response);
    const told = describe('network', wire.length, flow, this.#parts.clock.now());
    application.sendMessage(`sip|${told}|${id}|${dialog?.id ?? nameOf(outgoing.request)}|`, wire);
  }

  #orderCancel(application: Application, order: SipOrder, partial: PartialRequest): string | undefined {
    const outgoing = this.#outgoing.get(order.transactionId);
    if (!outgoing || outgoing.application !== application || outgoing.request.method !== 'INVITE') {
      return `unable to cancel unknown transaction id: ${order.transactionId}`;
    }
    const wire = serializeMessage(this.#cancellations.cancel(outgoing, partial));
    const told = describe('application', wire.length, outgoing.flow, this.#parts.clock.now());
    application.respondSent(order.requestId, `${told}|${outgoing.id}`, wire);
    return undefined;
  }
}

/** What the dialog of an INVITE is called before the other side has said its tag. */
function nameOf({ method, headers }: SipRequest): string {
  return method === 'INVITE' ? dialogId(headers.get('call-id') ?? '', fromTag(headers)) : '';
}
