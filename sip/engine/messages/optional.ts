import { parseContact } from './contact.ts';
import { parseDate } from './date.ts';
import { parseEvent, parseSubscriptionState } from './event.ts';
import { parseMaxForwards } from './maxForwards.ts';
import { parseMediaType } from './mediaType.ts';
import { parseReferTo, parseRoute } from './nameAddr.ts';
import { parseRAck, parseRSeq } from './rack.ts';
import { parseReplaces } from './replaces.ts';
import { parseRetryAfter } from './retryAfter.ts';
import { parseMinSE, parseSessionExpires } from './sessionExpires.ts';
import { isToken, SipSyntaxError } from './syntax.ts';

/**
 * Header fields that a message need not have, but that must be right where they are, with what reads
 * them. Fields that stand in no such table are passed on unread (RFC 3261 8.2.2).
 */
export const OPTIONAL: ReadonlyMap<string, (value: string) => unknown> = new Map<string, (value: string) => unknown>([
  ['contact', parseContact],
  ['content-type', parseMediaType],
  ['date', parseDate],
  ['event', parseEvent],
  ['expires', digitsOf('Expires (RFC 3261 20.19)')],
  ['max-forwards', parseMaxForwards],
  ['min-expires', digitsOf('Min-Expires (RFC 3261 20.23)')],
  ['min-se', parseMinSE],
  ['proxy-require', tokenOf('Proxy-Require (RFC 3261 20.29)')],
  ['rack', parseRAck],
  ['record-route', parseRoute],
  ['refer-to', parseReferTo],
  ['replaces', parseReplaces],
  ['require', tokenOf('Require (RFC 3261 20.32)')],
  ['retry-after', parseRetryAfter],
  ['route', parseRoute],
  ['rseq', parseRSeq],
  ['session-expires', parseSessionExpires],
  ['subscription-state', parseSubscriptionState],
]);

/** Option tags are tokens. */
function tokenOf(rule: string): (value: string) => string {
  return (value) => {
    if (!isToken(value)) throw new SipSyntaxError(`${rule}: ${JSON.stringify(value.slice(0, 40))} is not a token`);
    return value;
  };
}

/** A number of any size: one that is too large counts as the default, not as an error (RFC 4475 3.1.2.4). */
function digitsOf(rule: string): (value: string) => string {
  return (value) => {
    if (!/^[0-9]+$/.test(value)) throw new SipSyntaxError(`${rule} is not a number of seconds`);
    return value;
  };
}
