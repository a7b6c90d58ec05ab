import { parseTo, tagOf } from '../messages/nameAddr.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Transports } from '../transports/transports.ts';
import type { IncomingRequest } from './incomingRequest.ts';
import { localContact, replaceLocalhost } from './localContact.ts';
import { isSdp, type PartialResponse } from './partialMessage.ts';
import { respondTo } from './response.ts';

/** What the engine alone decides in a response. */
const OURS = new Set(['via', 'from', 'to', 'call-id', 'cseq', 'record-route', 'route', 'rseq']);
/** Requests whose 2xx tells where we are reached from then on. */
const WITH_CONTACT = new Set(['INVITE', 'SUBSCRIBE', 'UPDATE', 'REFER']);

/** An application's response with everything that it left to the engine. */
export function completeResponse(
  incoming: IncomingRequest,
  partial: PartialResponse,
  transports: Transports,
): SipResponse {
  const { request, method, transaction } = incoming;
  const { status, body } = partial;
  // Until a tag has left, the application may choose it.
  if (incoming.status <= 100 && !incoming.inDialog) incoming.localTag = chosenTag(partial) ?? incoming.localTag;
  const response = respondTo(request, status, partial.reason, status > 100 ? incoming.localTag : undefined);
  const { headers } = response;
  const flow = transaction.flow;
  const moves = status > 100 && status < 300 && WITH_CONTACT.has(method);
  if (moves && !partial.headers.has('contact')) headers.add('Contact', localContact(transports, flow));
  for (const field of partial.headers.fields) {
    if (OURS.has(field.key)) continue;
    if (field.key === 'contact') headers.add(field.name, replaceLocalhost(field.value, transports, flow, true));
    else headers.share(field);
  }
  if (body.length > 0 && !headers.has('content-type') && isSdp(body)) {
    headers.add('Content-Type', 'application/sdp');
  }
  response.body = body;
  return response;
}

function chosenTag(partial: PartialResponse): string | undefined {
  const to = partial.headers.read('to', parseTo);
  return to && tagOf(to);
}

/** Whether an application wants a provisional response sent reliably (RFC 3262). */
export function isReliable(incoming: IncomingRequest, partial: PartialResponse): boolean {
  const { status, headers } = partial;
  return incoming.method === 'INVITE' && status > 100 && status < 200 && headers.all('require').includes('100rel');
}

/** Whether the client understands reliable provisional responses. */
export function supports100rel({ headers }: SipRequest): boolean {
  return headers.all('supported').includes('100rel') || headers.all('require').includes('100rel');
}
