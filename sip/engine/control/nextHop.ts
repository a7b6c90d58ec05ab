import type { Dialog } from '../dialogs/dialog.ts';
import { isLooseRoute, parseRoute } from '../messages/nameAddr.ts';
import { SipSyntaxError } from '../messages/syntax.ts';
import { parseUri, type SipUri } from '../messages/uri.ts';
import { isWebSocket, Unreachable, type Flow } from '../transports/flow.ts';
import { resolveTarget, type Dns, type Target } from '../transports/target.ts';
import type { Application } from './application.ts';
import type { Parts } from './parts.ts';

/** A SIP URI as an application writes it, also as `1.2.3.4:5060`; undefined where it is none. */
function readUri(text: string): SipUri | undefined {
  const bare = text.startsWith('<') ? text.slice(1, text.indexOf('>')) : text;
  try {
    const uri = parseUri(/^sips?:/i.test(bare) ? bare : `sip:${bare}`);
    return uri.scheme === 'sip' || uri.scheme === 'sips' ? uri : undefined;
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}

/** The Request-URI that an application means; undefined where it cannot be one. */
export function normalizeUri(text: string): string | undefined {
  const uri = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[\w.-]+:\d+$/.test(text) ? text : `sip:${text}`;
  try {
    parseUri(uri);
    return uri;
  } catch (error) {
    if (error instanceof SipSyntaxError) return undefined;
    throw error;
  }
}

/** Asked instead of the DNS where no name is to be looked up. */
const NO_NAMES: Dns = { naptr: nothing, srv: nothing, lookup: nothing };

/**
 * Whether a Route's URI names one of our addresses (RFC 3261 16.4). Names are not looked up: a stranger wrote them.
 * @param flow on which the request came
 */
export function namesUs({ transports }: Parts, uri: SipUri, flow: Flow): boolean {
  // A request comes to whom its topmost Route names, and a WebSocket ends here, whatever it is called outside.
  if (isWebSocket(flow) && /^wss?$/i.test(uri.params.get('transport') ?? '')) return true;
  const found = resolveTarget(uri, NO_NAMES);
  return !(found instanceof Promise) && found.some((target) => transports.isOurs(target));
}

/** A way to the next hop, and the targets to try when it fails. */
export interface Way {
  flow: Flow;
  /** What RFC 3263 found besides, the best first. */
  rest: readonly Target[];
}

/** A way, 'self' where a request would come back to us, or why there is none. */
export type NextHop = Way | 'self' | Unreachable;

const NO_OTHER: readonly Target[] = [];

/**
 * The way on which a request for this URI leaves: the connection that a registered contact opened, else what its
 * name or address leads to (RFC 3261 8.1.2, RFC 3263).
 * @param bytes how long the message is: long ones leave over TCP (RFC 3261 18.1.1)
 */
export function wayToUri(parts: Parts, text: string, bytes: number): NextHop | Promise<NextHop> {
  const uri = readUri(text);
  if (!uri) return new Unreachable();
  const bound = parts.bindings.find(uri) ?? webSocketOf(parts, uri);
  if (bound) return only(bound);
  const targets = resolveTarget(uri, parts.dns);
  return targets instanceof Promise
    ? targets.then((found) => nextWay(parts, found, bytes))
    : nextWay(parts, targets, bytes);
}

/**
 * The way on which a request in a dialog leaves.
 * @param bytes how long the message is without the dialog's route
 */
export function wayInDialog(parts: Parts, dialog: Dialog<Application>, bytes: number): NextHop | Promise<NextHop> {
  const { flow, routes, remoteTarget } = dialog;
  const [first] = routes;
  if (first !== undefined) {
    const hop = parseRoute(first);
    // A connection that is open leads to the proxy that the dialog came by.
    if (isWebSocket(flow) && !flow.closed) return only(flow);
    const long = routes.reduce((sum, route) => sum + 'Route: \r\n'.length + route.length, bytes);
    return wayToUri(parts, isLooseRoute(hop) ? first : dialog.route().uri, long);
  }
  const uri = readUri(remoteTarget);
  const bound = uri && parts.bindings.find(uri);
  if (bound) return only(bound);
  if (flow.reliable && !flow.closed) return only(flow);
  // A contact with another address than its messages come from is behind address translation.
  if (!flow.reliable && uri && /^[\d.]+$/.test(uri.host) && uri.host !== flow.remote.address) return only(flow);
  return wayToUri(parts, remoteTarget, bytes);
}

/** The first of these targets that can be reached, and those after it (RFC 3263 4.3). */
export function nextWay(parts: Parts, targets: readonly Target[], bytes: number): NextHop | Promise<NextHop> {
  let why = new Unreachable();
  for (const [index, target] of targets.entries()) {
    if (parts.transports.isOurs(target)) return 'self';
    const flow = parts.transports.flowTo(target, bytes);
    const rest = targets.length === 1 ? NO_OTHER : targets.slice(index + 1);
    if (flow instanceof Promise) {
      return flow.then((opened) => {
        if (!(opened instanceof Unreachable)) return { flow: opened, rest };
        return rest.length > 0 ? nextWay(parts, rest, bytes) : opened;
      });
    }
    if (!(flow instanceof Unreachable)) return { flow, rest };
    why = flow;
  }
  return why;
}

/** Goes on with the next hop, at once where it is known at once. */
export function whenFound(found: NextHop | Promise<NextHop>, then: (hop: NextHop) => void): void {
  if (found instanceof Promise) void found.then(then);
  else then(found);
}

function nothing(): Promise<never[]> {
  return Promise.resolve([]);
}

function only(flow: Flow): Way {
  return { flow, rest: NO_OTHER };
}

/** A peer on a WebSocket is known by the address it came from, too. */
function webSocketOf(parts: Parts, uri: SipUri): Flow | undefined {
  const transport = uri.params.get('transport')?.toLowerCase();
  if ((transport !== 'ws' && transport !== 'wss') || uri.port === null) return undefined;
  return parts.transports.webSocketFrom({ address: uri.host, port: uri.port });
}
