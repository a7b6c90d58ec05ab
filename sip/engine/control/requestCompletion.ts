import type { Dialog } from '../dialogs/dialog.ts';
import { newBranch, newCallId, newTag } from '../ids.ts';
import { SipHeaders } from '../messages/headers.ts';
import type { SipRequest } from '../messages/message.ts';
import { viaTransport, type Flow } from '../transports/flow.ts';
import type { Transports } from '../transports/transports.ts';
import type { Application } from './application.ts';
import { localContact, replaceLocalhost } from './localContact.ts';
import type { PartialRequest } from './partialMessage.ts';
import { withTag } from '../dialogs/dialog.ts';

/** Requests that tell where we are reached from then on (RFC 3261 8.1.1.8, RFC 6665 3.1, RFC 3515 2.2, RFC 3311 5.1). */
const WITH_CONTACT = new Set(['INVITE', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'UPDATE']);
/** What stands at fixed places, before everything an application adds. */
const PLACED = new Set(['via', 'route', 'max-forwards', 'from', 'to', 'call-id', 'cseq', 'contact']);
/** Headers that a request gets beside what the application wrote, when its size is guessed. */
export const OWN_HEADERS_BYTES = 400;
const MAX_SEQUENCE = 2 ** 31 - 1;

/** A request as it leaves, with its branch. */
export interface CompletedRequest {
  request: SipRequest;
  branch: string;
}

/**
 * A request outside of a dialog (RFC 3261 8.1.1) on this flow.
 * @param sent the same request as it went another way: its From and Call-ID stay (RFC 3263 4.3)
 */
export function completeOutside(
  partial: PartialRequest,
  transports: Transports,
  flow: Flow,
  sent?: SipRequest,
): CompletedRequest {
  const { method, uri } = partial;
  const given = partial.headers;
  const contact = given.get('contact') === undefined ? undefined : given.all('contact');
  const from =
    sent?.headers.get('from') ??
    replaceLocalhost(given.get('from') ?? localContact(transports, flow), transports, flow, false);
  const sequence = /^\d+/.exec(given.get('cseq') ?? '')?.[0];
  const { headers, branch } = begin(transports, flow, given.all('route'), given.get('max-forwards'));
  headers.add('From', /;\s*tag=/i.test(from) ? from : withTag(bare(from), newTag()));
  headers.add('To', bare(given.get('to') ?? `<${uri}>`));
  headers.add('Call-ID', sent?.headers.get('call-id') ?? given.get('call-id') ?? newCallId());
  headers.add('CSeq', `${String(Math.min(Number(sequence ?? 1), MAX_SEQUENCE))} ${method}`);
  for (const value of contact ?? []) headers.add('Contact', replaceLocalhost(value, transports, flow, true));
  if (!contact && WITH_CONTACT.has(method)) headers.add('Contact', localContact(transports, flow));
  return { request: finish(partial, uri, headers), branch };
}

/** A request in a dialog (12.2.1.1) on this flow. */
export function completeInside(
  partial: PartialRequest,
  dialog: Dialog<Application>,
  sequence: number,
  transports: Transports,
  flow: Flow,
): CompletedRequest {
  const { method } = partial;
  const { uri, routes } = dialog.route();
  const { headers, branch } = begin(transports, flow, routes, partial.headers.get('max-forwards'));
  headers.add('From', dialog.localAddress);
  headers.add('To', dialog.remoteAddress);
  headers.add('Call-ID', dialog.callId);
  headers.add('CSeq', `${String(sequence)} ${method}`);
  if (WITH_CONTACT.has(method)) {
    const contact = partial.headers.get('contact') ?? (dialog.localContact || localContact(transports, flow));
    headers.add('Contact', replaceLocalhost(contact, transports, flow, true));
  }
  return { request: finish(partial, uri, headers), branch };
}

/** The CANCEL of an INVITE that was sent (9.1): its own Via, so that it goes the same way. */
export function makeCancel(invite: SipRequest, partial?: PartialRequest): SipRequest {
  return follow(invite, 'CANCEL', invite.headers.get('to') ?? '', partial);
}

/** The ACK of a refusal (17.1.1.3). */
export function makeAck(invite: SipRequest, to: string): SipRequest {
  return follow(invite, 'ACK', to);
}

function follow(invite: SipRequest, method: string, to: string, partial?: PartialRequest): SipRequest {
  const headers = new SipHeaders();
  headers.add('Via', invite.headers.get('via') ?? '');
  for (const route of invite.headers.all('route')) headers.add('Route', route);
  headers.add('Max-Forwards', '70');
  headers.add('From', invite.headers.get('from') ?? '');
  headers.add('To', to);
  headers.add('Call-ID', invite.headers.get('call-id') ?? '');
  headers.add('CSeq', `${String(Number.parseInt(invite.headers.get('cseq') ?? '', 10))} ${method}`);
  if (partial) addRest(headers, partial);
  return { kind: 'request', method, uri: invite.uri, headers, body: Buffer.alloc(0) };
}

function begin(
  transports: Transports,
  flow: Flow,
  routes: readonly string[],
  maxForwards: string | undefined,
): { headers: SipHeaders; branch: string } {
  const branch = newBranch();
  const headers = new SipHeaders();
  headers.add('Via', `SIP/2.0/${viaTransport(flow.protocol)} ${transports.sentBy(flow)};branch=${branch};rport`);
  for (const route of routes) headers.add('Route', route);
  headers.add('Max-Forwards', maxForwards ?? '70');
  return { headers, branch };
}

function finish(partial: PartialRequest, uri: string, headers: SipHeaders): SipRequest {
  addRest(headers, partial);
  const { body, method } = partial;
  if (body.length > 0 && !headers.has('content-type')) headers.add('Content-Type', 'application/sdp');
  return { kind: 'request', method, uri, headers, body };
}

function addRest(headers: SipHeaders, partial: PartialRequest): void {
  for (const [name, value] of partial.headers.entries()) {
    if (!PLACED.has(name.toLowerCase())) headers.add(name, value);
  }
}

/** A From or To that stands without brackets, in brackets: its parameters would be taken for the header's. */
function bare(address: string): string {
  return address.includes('<') ? address : `<${address}>`;
}

/** An ACK to which no application adds anything. */
export function emptyAck(): PartialRequest {
  return { kind: 'request', method: 'ACK', uri: '', headers: new SipHeaders(), body: Buffer.alloc(0) };
}

/** The branch that a request of ours left with. */
export function sentBranch(request: SipRequest): string {
  return /;branch=([^;,\s]+)/.exec(request.headers.get('via') ?? '')?.[1] ?? '';
}
