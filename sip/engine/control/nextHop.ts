import type { Dialog } from '../dialogs/dialog.ts';
import { isLooseRoute, parseRoute } from '../messages/nameAddr.ts';
import { SipSyntaxError } from '../messages/syntax.ts';
import { parseUri, type SipUri } from '../messages/uri.ts';
import type { Flow } from '../transports/flow.ts';
import { resolveTarget, type Target } from '../transports/target.ts';
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

/**
 * The flow on which a request for this URI leaves: the connection that a registered contact opened, else what its
 * name or address leads to (RFC 3261 8.1.2, RFC 3263).
 * @returns 'self' where it would come back to us, undefined where there is no way
 */
export function flowForUri(
  parts: Parts,
  text: string,
  bytes: number,
): Flow | 'self' | undefined | Promise<Flow | 'self' | undefined> {
  const uri = readUri(text);
  if (!uri) return undefined;
  const bound = parts.bindings.find(text) ?? webSocketOf(parts, uri);
  if (bound) return bound;
  const targets = resolveTarget(uri, parts.dns);
  return targets instanceof Promise
    ? targets.then((found) => firstFlow(parts, found, bytes))
    : firstFlow(parts, targets, bytes);
}

/** The flow on which a request in a dialog leaves. */
export function flowForDialog(
  parts: Parts,
  dialog: Dialog<Application>,
  bytes: number,
): Flow | 'self' | undefined | Promise<Flow | 'self' | undefined> {
  const { flow, routes, remoteTarget } = dialog;
  const [first] = routes;
  if (first !== undefined) {
    const hop = parseRoute(first);
    // A connection that is open leads to the proxy that the dialog came by.
    if (isWebSocket(flow) && !flow.closed) return flow;
    return flowForUri(parts, isLooseRoute(hop) ? first : dialog.route().uri, bytes);
  }
  const bound = parts.bindings.find(remoteTarget);
  if (bound) return bound;
  if (flow.reliable && !flow.closed) return flow;
  const uri = readUri(remoteTarget);
  // A contact with another address than its messages come from is behind address translation.
  if (!flow.reliable && uri && /^[\d.]+$/.test(uri.host) && uri.host !== flow.remote.address) return flow;
  return flowForUri(parts, remoteTarget, bytes);
}

function firstFlow(
  parts: Parts,
  targets: readonly Target[],
  bytes: number,
): Flow | 'self' | undefined | Promise<Flow | 'self' | undefined> {
  for (const [index, target] of targets.entries()) {
    if (parts.transports.isOurs(target)) return 'self';
    const flow = parts.transports.flowTo(target, bytes);
    if (flow instanceof Promise) {
      // RFC 3263 4.3: where one cannot be reached, the next is tried.
      return flow.then((opened) => opened ?? firstFlow(parts, targets.slice(index + 1), bytes));
    }
    if (flow) return flow;
  }
  return undefined;
}

/** A peer on a WebSocket is known by the address it came from, too. */
function webSocketOf(parts: Parts, uri: SipUri): Flow | undefined {
  const transport = uri.params.get('transport')?.toLowerCase();
  if ((transport !== 'ws' && transport !== 'wss') || uri.port === null) return undefined;
  return parts.transports.webSocketFrom({ address: uri.host, port: uri.port });
}

function isWebSocket(flow: Flow): boolean {
  return flow.protocol === 'ws' || flow.protocol === 'wss';
}
