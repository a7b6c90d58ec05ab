import { parseExpires } from '../messages/contact.ts';
import { SipHeaders } from '../messages/headers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** What a notifier may be late. */
const GRACE_MS = 60_000;
/** Where nobody said how long: a long REFER, or an event package whose default is unknown to us. */
const DEFAULT_SECONDS = 3600;

/** Whether a NOTIFY says that the subscription is over (RFC 6665 4.1.3). */
export function endsSubscription({ headers }: SipRequest): boolean {
  return /^\s*terminated\b/i.test(headers.get('subscription-state') ?? '');
}

/** When a subscription is over unless it is refreshed, by what its 2xx granted. */
export function subscriptionEnd(request: SipRequest, response: SipResponse, now: number): number {
  const expires = response.headers.get('expires') ?? request.headers.get('expires');
  return now + GRACE_MS + 1000 * (expires === undefined ? DEFAULT_SECONDS : parseExpires(expires));
}

/** A NOTIFY that overtook the 2xx of its SUBSCRIBE begins the dialog as that would have (RFC 6665 4.1.2.4). */
export function notifyAsResponse({ headers }: SipRequest): SipResponse {
  const said = new SipHeaders();
  said.add('To', headers.get('from') ?? '');
  const contact = headers.get('contact');
  if (contact !== undefined) said.add('Contact', contact);
  for (const route of headers.all('record-route').reverse()) said.add('Record-Route', route);
  return { kind: 'response', status: 200, reason: 'OK', headers: said, body: Buffer.alloc(0) };
}
