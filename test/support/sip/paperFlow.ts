/** SIP on paper: what is sent is kept, and what is received was written by the test. */
import { parseMessage } from '../../../sip/engine/messages/parse.ts';
import type { SipRequest, SipResponse } from '../../../sip/engine/messages/message.ts';
import type { Flow, TransportProtocol } from '../../../sip/engine/transports/flow.ts';

/** A flow that writes down what is sent on it. */
export class PaperFlow implements Flow {
  readonly protocol: TransportProtocol;
  readonly reliable: boolean;
  readonly local = { address: '192.0.2.1', port: 5060 };
  readonly remote = { address: '192.0.2.99', port: 5060 };
  readonly sent: string[] = [];
  closed = false;

  constructor(protocol: TransportProtocol = 'udp') {
    this.protocol = protocol;
    this.reliable = protocol !== 'udp';
  }

  /** The first line of each message that was sent. */
  get lines(): string[] {
    return this.sent.map((message) => message.slice(0, message.indexOf('\r\n')));
  }

  send(message: Buffer): boolean {
    if (this.closed) return false;
    this.sent.push(message.toString());
    return true;
  }

  close(): void {
    this.closed = true;
  }
}

/** A request of alice to bob, good in every respect. */
export function request(method: string, changes: Record<string, string> = {}): SipRequest {
  return read(`${method} sip:bob@example.com SIP/2.0`, method, changes) as SipRequest;
}

/** A response to such a request. */
export function response(status: number, method: string, changes: Record<string, string> = {}): SipResponse {
  return read(`SIP/2.0 ${status} Whatever`, method, { To: '<sip:bob@example.com>;tag=b', ...changes }) as SipResponse;
}

function read(start: string, method: string, changes: Record<string, string>): SipRequest | SipResponse {
  const headers: Record<string, string> = {
    Via: 'SIP/2.0/UDP 192.0.2.99;branch=z9hG4bKa1',
    'Max-Forwards': '70',
    From: 'alice <sip:alice@example.com>;tag=a',
    To: '<sip:bob@example.com>',
    'Call-ID': 'c1',
    CSeq: `1 ${method}`,
    Contact: '<sip:alice@192.0.2.99>',
    ...changes,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const result = parseMessage(Buffer.from([start, ...lines, '', ''].join('\r\n')));
  if (!result.ok) throw new Error(result.why);
  return result.message;
}
