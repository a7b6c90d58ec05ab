import { readParams, tokenParam, writeParams, type Params } from './params.ts';
import { readInteger, Scanner } from './syntax.ts';

/** What is subscribed to (RFC 6665 8.2.1). */
export interface Event {
  /** As `refer`, `dialog` or `presence.winfo`; compared case-sensitively (RFC 6665 8.2.1). */
  package: string;
  /** Tells subscriptions of one dialog apart; null where there is one alone. */
  id: string | null;
  /** All parameters, `id` among them. */
  params: Params;
}

/** @throws SipSyntaxError */
export function parseEvent(value: string): Event {
  const rule = 'Event (RFC 6665 8.2.1)';
  const scanner = new Scanner(value, rule);
  scanner.skipSpace();
  const name = scanner.token('the event package');
  const params = readParams(scanner);
  return { package: name, id: tokenParam(params, 'id', rule) ?? null, params };
}

export function serializeEvent({ package: name, params }: Event): string {
  return `${name}${writeParams(params)}`;
}

/** How a subscription stands (RFC 6665 8.2.3). */
export interface SubscriptionState {
  /** `active`, `pending`, `terminated` or an extension, lower case. */
  state: string;
  /** Seconds that are left; null where it is not told. */
  expires: number | null;
  /** Why it ended, as `timeout` or `noresource`. */
  reason: string | null;
  /** Seconds to wait before subscribing again. */
  retryAfter: number | null;
}

/** @throws SipSyntaxError */
export function parseSubscriptionState(value: string): SubscriptionState {
  const rule = 'Subscription-State (RFC 6665 8.2.3)';
  const scanner: Scanner = new Scanner(value, rule);
  scanner.skipSpace();
  const state = scanner.token('the state').toLowerCase();
  const params = readParams(scanner);
  const seconds = (name: string): number | null => {
    const text = params.get(name);
    if (text === undefined) return null;
    return readInteger(text ?? '', 2 ** 32 - 1) ?? scanner.fail(`"${name}" is not a number of seconds`);
  };
  return {
    state,
    expires: seconds('expires'),
    reason: tokenParam(params, 'reason', rule) ?? null,
    retryAfter: seconds('retry-after'),
  };
}

export function serializeSubscriptionState({ state, expires, reason, retryAfter }: SubscriptionState): string {
  const params = new Map<string, string>();
  if (expires !== null) params.set('expires', String(expires));
  if (reason !== null) params.set('reason', reason);
  if (retryAfter !== null) params.set('retry-after', String(retryAfter));
  return `${state}${writeParams(params)}`;
}
