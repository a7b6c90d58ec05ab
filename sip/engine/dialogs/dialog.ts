import { parseCSeq } from '../messages/cseq.ts';
import { parseContact } from '../messages/contact.ts';
import type { SipHeaders } from '../messages/headers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { isLooseRoute, parseFrom, parseRoute, parseTo, tagOf } from '../messages/nameAddr.ts';
import { serializeUri } from '../messages/uri.ts';
import type { Flow } from '../transports/flow.ts';
import type { Acceptance } from './acceptance.ts';
import { OfferAnswer } from './offerAnswer.ts';
import type { SessionTimer } from './sessionTimer.ts';

/**
 * What keeps a dialog alive (RFC 5057): an INVITE's session, a subscription, or, when the session is over, what is still
 * to be told of a REFER in it.
 */
export type DialogUsage = 'session' | 'subscription' | 'referral';

/**
 * The state that two user agents share (RFC 3261 12):
 *
 *     18x with a tag            2xx                    BYE, refusal, CANCEL, last NOTIFY
 *     ─────────────▶  early  ─────────▶  confirmed  ─────────────────────────────────────▶  terminated
 *
 * @typeParam Owner who is told of requests in the dialog
 */
export class Dialog<Owner> {
  /** As drachtio names it: the Call-ID and the tag of whoever sent the first request. */
  readonly id: string;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  usage: DialogUsage;
  /** Our side as it stands in From of our requests, with its tag. */
  readonly localAddress: string;
  /** The other side as it stands in To of our requests, with its tag. */
  readonly remoteAddress: string;
  owner: Owner;
  state: 'early' | 'confirmed' | 'terminated';
  /** The way the peer used last. */
  flow: Flow;
  /** The URI that requests in the dialog are sent to (12.2.1.1). */
  remoteTarget: string;
  routes: readonly string[];
  /** CSeq of the last request of ours. */
  localSequence: number;
  /** CSeq of the last request of theirs; requests with a lower one come too late (12.2.2). */
  remoteSequence: number;
  /** Our Contact, which later requests repeat. */
  localContact: string;
  /** An INVITE of ours waits for its final response, so that theirs gets 491 (14.2). */
  invitePending = false;
  /** A re-INVITE of theirs is not answered, or not acknowledged, yet. */
  offered = false;
  /** What was offered and not answered. */
  readonly offers = new OfferAnswer();
  /** The 2xx to an INVITE of ours that is to be acknowledged. */
  acceptance: Acceptance | undefined;
  /** The INVITE was cancelled, but the 2xx was faster: a BYE is to follow the ACK. */
  cancelled = false;
  /** REFERs in the session of which the last NOTIFY has not passed; below 0 where that overtook its 202. */
  referrals = 0;
  /** When a subscription is over that nobody refreshes (RFC 6665 4.1.2); sessions last until their BYE. */
  expiresAt = Infinity;
  /** Until when it must be refreshed, and by whom (RFC 4028). */
  sessionTimer: SessionTimer | undefined;
  /** A BYE of ours is under way. */
  ending = false;

  private constructor(parts: {
    id: string;
    callId: string;
    localTag: string;
    remoteTag: string;
    usage: DialogUsage;
    localAddress: string;
    remoteAddress: string;
    owner: Owner;
    flow: Flow;
    remoteTarget: string;
    routes: readonly string[];
    localSequence: number;
    remoteSequence: number;
    localContact: string;
  }) {
    this.id = parts.id;
    this.callId = parts.callId;
    this.localTag = parts.localTag;
    this.remoteTag = parts.remoteTag;
    this.usage = parts.usage;
    this.localAddress = parts.localAddress;
    this.remoteAddress = parts.remoteAddress;
    this.owner = parts.owner;
    this.flow = parts.flow;
    this.remoteTarget = parts.remoteTarget;
    this.routes = parts.routes;
    this.localSequence = parts.localSequence;
    this.remoteSequence = parts.remoteSequence;
    this.localContact = parts.localContact;
    this.state = 'early';
  }

  /** The dialog at who was asked (12.1.1). @param request the INVITE or SUBSCRIBE that came */
  static answering<Owner>(
    request: SipRequest,
    localTag: string,
    localContact: string,
    flow: Flow,
    owner: Owner,
  ): Dialog<Owner> {
    const { headers } = request;
    const callId = headers.get('call-id') ?? '';
    const remoteTag = fromTag(headers);
    return new Dialog({
      id: dialogId(callId, remoteTag),
      callId,
      localTag,
      remoteTag,
      usage: usageOf(request),
      localAddress: withTag(headers.get('to') ?? '', localTag),
      remoteAddress: headers.get('from') ?? '',
      owner,
      flow,
      remoteTarget: contactUri(headers) ?? request.uri,
      routes: headers.all('record-route'),
      localSequence: 0,
      remoteSequence: headers.first('cseq', parseCSeq)?.sequence ?? 0,
      localContact,
    });
  }

  /** The dialog at who asked (12.1.2). @param response the first response that carries its tag */
  static asking<Owner>(request: SipRequest, response: SipResponse, flow: Flow, owner: Owner): Dialog<Owner> {
    const { headers } = request;
    const callId = headers.get('call-id') ?? '';
    const localTag = fromTag(headers);
    const sequence = headers.first('cseq', parseCSeq)?.sequence ?? 0;
    return new Dialog({
      id: dialogId(callId, localTag),
      callId,
      localTag,
      remoteTag: toTag(response.headers) ?? '',
      usage: usageOf(request),
      localAddress: headers.get('from') ?? '',
      remoteAddress: response.headers.get('to') ?? '',
      owner,
      flow,
      remoteTarget: contactUri(response.headers) ?? request.uri,
      routes: routesOf(response),
      localSequence: sequence,
      remoteSequence: 0,
      localContact: headers.get('contact') ?? '',
    });
  }

  /** Whether its session is over, though the dialog may not be. */
  get sessionEnded(): boolean {
    return this.state === 'terminated' || this.usage === 'referral';
  }

  /** Whether a request of this method has its place in the dialog: after the session only what a REFER has begun. */
  takes(method: string): boolean {
    return this.usage !== 'referral' || method === 'NOTIFY' || method === 'SUBSCRIBE';
  }

  /** A REFER in the session was accepted; without a subscription where both sides say so (RFC 4488 4). */
  referred({ headers }: SipResponse): void {
    if (headers.get('refer-sub')?.trim().toLowerCase() !== 'false') this.referrals++;
  }

  /** The CSeq number of the next request of ours. */
  nextSequence(): number {
    this.localSequence++;
    return this.localSequence;
  }

  /** A request or 2xx with a Contact moves the other end (12.2.1.2, 12.2.2). */
  refreshTarget(headers: SipHeaders): void {
    this.remoteTarget = contactUri(headers) ?? this.remoteTarget;
  }

  /** The final response settles the route (13.2.2.4). */
  refreshRoutes(response: SipResponse): void {
    this.routes = routesOf(response);
  }

  /** Request-URI and Route of a request in the dialog, by loose or by strict routing (12.2.1.1). */
  route(): { uri: string; routes: readonly string[] } {
    const [first, ...rest] = this.routes;
    if (first === undefined) return { uri: this.remoteTarget, routes: [] };
    const hop = parseRoute(first);
    if (isLooseRoute(hop)) return { uri: this.remoteTarget, routes: this.routes };
    return { uri: serializeUri(hop.uri), routes: [...rest, `<${this.remoteTarget}>`] };
  }
}

function usageOf({ method }: SipRequest): DialogUsage {
  return method === 'INVITE' ? 'session' : 'subscription';
}

/** drachtio's name of a dialog. */
export function dialogId(callId: string, tag: string): string {
  return `${callId};from-tag=${tag}`;
}

/** The tag of From; empty for a client of RFC 2543. */
export function fromTag(headers: SipHeaders): string {
  const from = headers.first('from', parseFrom);
  return (from && tagOf(from)) ?? '';
}

/** The tag of To, where it has one. */
export function toTag(headers: SipHeaders): string | undefined {
  const to = headers.first('to', parseTo);
  return to && tagOf(to);
}

/** A From or To value with a tag behind it. */
export function withTag(address: string, tag: string): string {
  return address.includes('<') || !address.includes(';') ? `${address};tag=${tag}` : `<${address}>;tag=${tag}`;
}

/** The route set that a response tells, from us outwards (12.1.2); what cannot be read is no hop. */
function routesOf({ headers }: SipResponse): string[] {
  return headers.readAll('record-route', readableRoute).reverse();
}

/** A route as it stands. @throws SipSyntaxError where it is none */
function readableRoute(value: string): string {
  parseRoute(value);
  return value;
}

/** The URI of the first Contact. */
function contactUri(headers: SipHeaders): string | undefined {
  const contact = headers.read('contact', parseContact);
  return contact === undefined || contact === '*' ? undefined : serializeUri(contact.uri);
}
