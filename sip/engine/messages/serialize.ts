import type { SipMessage } from './message.ts';

/**
 * A message as it goes over the wire. Content-Length is always written, in bytes, whatever the
 * headers say (RFC 3261 20.14: streams need it, datagrams may have it).
 */
export function serializeMessage(message: SipMessage): Buffer {
  let head =
    message.kind === 'request'
      ? `${message.method} ${message.uri} SIP/2.0\r\n`
      : `SIP/2.0 ${message.status} ${message.reason}\r\n`;
  head += message.headers.lines('content-length');
  head += `Content-Length: ${message.body.length}\r\n\r\n`;
  if (message.body.length === 0) return Buffer.from(head);
  const length = Buffer.byteLength(head);
  const bytes = Buffer.allocUnsafe(length + message.body.length);
  bytes.write(head, 'utf8');
  message.body.copy(bytes, length);
  return bytes;
}
