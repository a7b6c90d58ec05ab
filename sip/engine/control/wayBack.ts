import { isIP } from 'node:net';
import type { SipRequest } from '../messages/message.ts';
import { parseVia } from '../messages/via.ts';
import type { ServerTransaction } from '../transactions/transactions.ts';
import { defaultPort, isWebSocket, Unreachable, type Flow } from '../transports/flow.ts';
import { nextWay, wayToUri, type NextHop, type Way } from './nextHop.ts';
import type { Parts } from './parts.ts';

/** Whether an answer can still leave: on the request's own flow, or on a new connection to who sent it. */
export function canAnswer(flow: Flow): boolean {
  return !flow.closed || !isWebSocket(flow);
}

/**
 * Sends an answer whose connection broke on a new one (RFC 3261 18.2.2); the transaction keeps that.
 * @returns false where no peer could take it: a WebSocket's only it can open.
 */
export function sendBack(parts: Parts, transaction: ServerTransaction, wire: Buffer): boolean {
  const { flow, request } = transaction;
  if (!flow.reliable || isWebSocket(flow)) return false;
  void reopen(parts, request, flow).then((opened) => {
    if (!opened) return;
    transaction.flow = opened;
    opened.send(wire);
  });
  return true;
}

/** To the address that the request came from and the port of its Via, else where the Via's name leads (RFC 3263 5). */
async function reopen(parts: Parts, request: SipRequest, broken: Flow): Promise<Flow | undefined> {
  const via = request.headers.first('via', parseVia);
  if (!via) return undefined;
  const { protocol } = broken;
  const named = isIP(via.host) === 0 && !via.host.startsWith('[');
  const { address } = broken.remote;
  const port = via.port ?? defaultPort(protocol);
  const source = { protocol, address, port, explicit: true, ...(named ? { domain: via.host } : {}) };
  const direct = await nextWay(parts, [source], 0);
  if (isWay(direct) || !named) return isWay(direct) ? direct.flow : undefined;
  const scheme = protocol === 'tls' ? 'sips' : 'sip';
  const asked = via.port === null ? '' : `:${String(via.port)}`;
  const hop = await wayToUri(parts, `${scheme}:${via.host}${asked};transport=tcp`, 0);
  return isWay(hop) ? hop.flow : undefined;
}

function isWay(hop: NextHop): hop is Way {
  return hop !== 'self' && !(hop instanceof Unreachable);
}
