import type { SipHeaders } from '../messages/headers.ts';
import { parseVia, serializeVia } from '../messages/via.ts';
import type { Flow } from './flow.ts';
import { bracket } from './localAddress.ts';

/**
 * Writes into the topmost Via where the request really came from (RFC 3261 18.2.1, RFC 3581 4), so that the answer
 * finds back.
 * @returns the port to answer to over UDP: that of sent-by, or the source port where the client asked for it by `rport`
 * or nothing can be sent to what sent-by says.
 */
export function noteReceived(headers: SipHeaders, flow: Flow): number {
  const via = headers.first('via', parseVia);
  if (!via) return flow.remote.port;
  const { port } = flow.remote;
  const address = withoutZone(flow.remote.address);
  const asked = via.params.has('rport');
  if (asked || via.host !== bracket(address)) {
    const params = new Map(via.params);
    params.set('received', address);
    if (asked) params.set('rport', String(port));
    headers.removeFirst('via');
    headers.prepend('Via', serializeVia({ ...via, params }));
  }
  return asked || via.port === 0 ? port : (via.port ?? 5060);
}

/** The zone of a link-local address is ours, and no part of the address (RFC 4007 6). */
function withoutZone(address: string): string {
  const zone = address.indexOf('%');
  return zone < 0 ? address : address.slice(0, zone);
}
