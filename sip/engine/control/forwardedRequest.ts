import { newBranch } from '../ids.ts';
import type { SipHeaders } from '../messages/headers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { isLooseRoute, parseRoute } from '../messages/nameAddr.ts';
import { serializeMessage } from '../messages/serialize.ts';
import { serializeUri } from '../messages/uri.ts';
import { viaTransport, type Flow } from '../transports/flow.ts';
import type { Transports } from '../transports/transports.ts';
import type { CompletedRequest } from './requestCompletion.ts';

/** Headers of an application that never replace those of the request it forwards. */
const KEPT = new Set(['via', 'from', 'to', 'call-id', 'cseq', 'max-forwards', 'record-route', 'route', 'content-type']);

/** What a copy of the request gets on its way. */
export interface ForwardOptions {
  /** The Request-URI it is sent with. */
  uri: string;
  /** Headers that the application sets. */
  headers?: SipHeaders | undefined;
  /** Record-Route entries to add, the last one first. */
  recordRoutes: readonly string[];
}

/** What a copy gets on its way, at most: a Via, Record-Route, a longer Request-URI. */
const ADDED_BYTES = 300;

/** How long a request may become when it is forwarded with these headers of the application (18.1.1). */
export function forwardedBytes(request: SipRequest, headers?: SipHeaders): number {
  return serializeMessage(request).length + (headers?.lines('').length ?? 0) + ADDED_BYTES;
}

/** A copy of a request as the proxy passes it on (RFC 3261 16.6). */
export function forwardRequest(
  request: SipRequest,
  options: ForwardOptions,
  transports: Transports,
  flow: Flow,
): CompletedRequest {
  const headers = request.headers.clone();
  const branch = newBranch();
  const next = headers.first('route', parseRoute);
  const strict = next !== undefined && !isLooseRoute(next);
  if (strict) {
    // 16.6 step 6: it looks at the Request-URI alone, and the target waits behind the route.
    headers.removeFirst('route');
    headers.add('Route', `<${options.uri}>`);
  }
  headers.set('Max-Forwards', String(hopsLeft(request) - 1));
  for (const entry of options.recordRoutes) headers.prepend('Record-Route', entry);
  headers.prepend('Via', `SIP/2.0/${viaTransport(flow.protocol)} ${transports.sentBy(flow)};branch=${branch};rport`);
  for (const [name, value] of options.headers?.entries() ?? []) {
    if (!KEPT.has(name.toLowerCase())) headers.set(name, value);
  }
  return { request: { ...request, uri: strict ? serializeUri(next.uri) : options.uri, headers }, branch };
}

/** Max-Forwards; 70 where the client told none (16.3, 16.6). */
export function hopsLeft({ headers }: SipRequest): number {
  return Number(headers.get('max-forwards') ?? 71);
}

/** A response as it is passed back: without our Via (16.7). */
export function forwardResponse(response: SipResponse): SipResponse {
  const headers = response.headers.clone();
  headers.removeFirst('via');
  return { ...response, headers };
}
