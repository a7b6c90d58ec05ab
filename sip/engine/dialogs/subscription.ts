import type { SipRequest } from '../messages/message.ts';

/** Whether a NOTIFY says that the subscription is over (RFC 6665 4.1.3). */
export function endsSubscription({ headers }: SipRequest): boolean {
  return /^\s*terminated\b/i.test(headers.get('subscription-state') ?? '');
}
