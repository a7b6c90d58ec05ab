import { isSecure, type Flow } from '../transports/flow.ts';
import type { Transports } from '../transports/transports.ts';

/** `localhost` as an application writes it where it does not know its server's address. */
const LOCALHOST = /^([^<]*<?sips?:(?:[^@<>]*@)?)localhost(?::\d+)?(?=[;?>]|$)/i;

/** Our Contact towards the peer of a flow (RFC 3261 8.1.1.8). */
export function localContact(transports: Transports, flow: Flow): string {
  return `<${contactUri(transports, flow)}>`;
}

/**
 * A From or Contact of an application, its host `localhost` replaced by the address that the peer can reach.
 * @param transport whether the URI is to say how: in a Contact, not in a From
 */
export function replaceLocalhost(value: string, transports: Transports, flow: Flow, transport: boolean): string {
  const found = LOCALHOST.exec(value);
  if (!found) return value;
  const before = found[1] ?? '';
  const host = transports.sentBy(flow);
  const rest = value.slice(found[0].length);
  const { protocol } = flow;
  if (!transport || protocol === 'udp' || /;transport=/i.test(rest)) return `${before}${host}${rest}`;
  return before.includes('<')
    ? `${before}${host};transport=${protocol}${rest}`
    : `<${before}${host};transport=${protocol}>${rest}`;
}

function contactUri(transports: Transports, flow: Flow): string {
  const { protocol } = flow;
  const transport = protocol === 'udp' ? '' : `;transport=${protocol}`;
  return `${isSecure(protocol) ? 'sips' : 'sip'}:${transports.sentBy(flow)}${transport}`;
}
