import { newTag } from '../ids.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import type { InviteServerTransaction } from '../transactions/inviteServer.ts';
import type { NonInviteServerTransaction } from '../transactions/nonInviteServer.ts';
import type { ServerTransaction } from '../transactions/transactions.ts';
import { Unreachable, type Flow } from '../transports/flow.ts';
import type { Application } from './application.ts';
import type { ProxyOrder } from './controlServer.ts';
import { forwardedBytes, forwardRequest, hopsLeft } from './forwardedRequest.ts';
import { Forwarding, type ForwardingObserver } from './forwarding.ts';
import { OrderedReport, PassingBye } from './forwardingReports.ts';
import { namesUs, normalizeUri, wayToUri, whenFound, type NextHop } from './nextHop.ts';
import { parsePartial } from './partialMessage.ts';
import type { Parts } from './parts.ts';
import { RecordRoutes } from './recordRoute.ts';
import { respondTo } from './response.ts';

/** What happens to a request in a dialog that was forwarded: as it says itself, and nobody is told. */
const AS_ROUTED = {
  recordRoute: false,
  followRedirects: false,
  simultaneous: false,
  provisional: undefined,
  final: undefined,
};

const NOBODY: ForwardingObserver = {
  targetTried: () => undefined,
  targetAnswered: () => undefined,
  targetFailed: () => undefined,
  forwardingEnded: () => undefined,
};

/** Forwards requests (RFC 3261 16): for applications, and later ones in dialogs that it stayed in. */
export class Proxy {
  readonly #parts: Parts;
  readonly #recordRoutes = new RecordRoutes();
  readonly #forwardings = new Map<ServerTransaction, Forwarding>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** An application says where a request is to go. */
  order(application: Application, order: ProxyOrder, transaction: ServerTransaction): void {
    const destinations = order.destinations.map(destinationOf).filter((uri) => uri !== undefined);
    const refusal = refusalOf(transaction.request);
    if (refusal) {
      transaction.respond(refusal.status, serializeMessage(refusal));
      if (transaction.request.method === 'INVITE') {
        this.#parts.records.stop('application', 'call-rejected', serializeMessage(refusal));
      }
      application.respond(order.requestId, 'NOK', refusal.reason.toLowerCase());
      return;
    }
    const told = new OrderedReport(application, order, transaction, this.#parts, (forwarding) => {
      this.#ended(forwarding);
    });
    this.#begin(
      new Forwarding(
        transaction,
        {
          destinations,
          recordRoute: order.remainInDialog,
          followRedirects: order.followRedirects,
          simultaneous: order.simultaneous,
          provisional: milliseconds(order.provisionalTimeout),
          final: milliseconds(order.finalTimeout),
          headers: parsePartial(order.message)?.headers,
        },
        told,
        this.#parts,
        this.#recordRoutes,
      ),
    );
  }

  /**
   * A request in a dialog that is none of ours (16.4).
   * @returns false where we did not stay in that dialog.
   */
  requestArrived(transaction: ServerTransaction): boolean {
    const { request } = transaction;
    const target = this.#routed(request, transaction.flow);
    if (target === undefined) return false;
    const refusal = refusalOf(request);
    if (refusal) {
      transaction.respond(refusal.status, serializeMessage(refusal));
      return true;
    }
    const options = { ...AS_ROUTED, destinations: [target] };
    const observer = request.method === 'BYE' ? new PassingBye(request, this.#parts.records) : NOBODY;
    this.#begin(new Forwarding(transaction, options, observer, this.#parts, this.#recordRoutes));
    return true;
  }

  /** The ACK of a 2xx that was forwarded (16.11: it has no transaction). */
  ackArrived(ack: SipRequest, flow: Flow): void {
    const target = this.#routed(ack, flow);
    if (target === undefined || hopsLeft(ack) <= 0) return;
    whenFound(wayToUri(this.#parts, ack.headers.get('route') ?? target, forwardedBytes(ack)), (hop) => {
      this.#forwardAck(ack, target, hop);
    });
  }

  /** @returns false where the INVITE is not one that is forwarded. */
  cancelArrived(cancel: NonInviteServerTransaction, invite: InviteServerTransaction): boolean {
    const forwarding = this.#forwardings.get(invite);
    if (!forwarding || invite.flow.remote.address !== cancel.flow.remote.address) return false;
    cancel.respond(200, serializeMessage(respondTo(cancel.request, 200, 'OK', newTag())));
    forwarding.cancel();
    return true;
  }

  transactionEnded(transaction: ServerTransaction): void {
    this.#forwardings.delete(transaction);
  }

  close(): void {
    for (const forwarding of this.#forwardings.values()) forwarding.stop();
    this.#forwardings.clear();
  }

  /** The URI that a request goes on with in a dialog that we stayed in; what led it here is taken off (16.4). */
  #routed(request: SipRequest, flow: Flow): string | undefined {
    if (!request.headers.has('route')) return undefined;
    return this.#recordRoutes.strip(request, (uri) => namesUs(this.#parts, uri, flow));
  }

  #begin(forwarding: Forwarding): void {
    this.#forwardings.set(forwarding.transaction, forwarding);
    forwarding.start();
  }

  #ended(forwarding: Forwarding): void {
    // A CANCEL that comes now finds its INVITE answered (9.2).
    this.#forwardings.delete(forwarding.transaction);
  }

  #forwardAck(ack: SipRequest, uri: string, hop: NextHop): void {
    if (hop === 'self' || hop instanceof Unreachable) return;
    const { flow } = hop;
    const { request } = forwardRequest(ack, { uri, recordRoutes: [] }, this.#parts.transports, flow);
    flow.send(serializeMessage(request));
  }
}

/**
 * What a request is refused with instead of being forwarded (16.3). `Require` is between its ends: there the
 * application answers 420 for what it does not know, as on drachtio-server.
 */
function refusalOf(request: SipRequest): SipResponse | undefined {
  if (hopsLeft(request) <= 0) return respondTo(request, 483, 'Too Many Hops', newTag());
  const required = request.headers.all('proxy-require');
  if (required.length === 0) return undefined;
  const response = respondTo(request, 420, 'Bad Extension', newTag());
  for (const option of required) response.headers.add('Unsupported', option);
  return response;
}

/** A target as the application means it: drachtio-srf writes "sip:" before every scheme but sip and tel. */
function destinationOf(text: string): string | undefined {
  return normalizeUri(text.replace(/^sip:(?=sips:)/i, ''));
}

/** `2s` or `1500ms`; nothing where it is neither. */
function milliseconds(text: string): number | undefined {
  const found = /^(\d{1,9})(ms|s)$/.exec(text.trim());
  if (!found) return undefined;
  return Number(found[1]) * (found[2] === 's' ? 1000 : 1);
}
