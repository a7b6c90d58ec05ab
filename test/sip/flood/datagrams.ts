/** What a flood is made of: requests that look good and each of which is new, or bytes that are no SIP at all. */
import { randomBytes } from 'node:crypto';

export const KINDS = ['REGISTER', 'INVITE', 'OPTIONS', 'MESSAGE', 'SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'garbage'] as const;
export type Kind = (typeof KINDS)[number];

/** Headers that a method needs besides. */
const MORE: Partial<Record<Kind, string[]>> = {
  INVITE: ['Contact: <sip:mallory@192.0.2.66>'],
  MESSAGE: ['Content-Type: text/plain'],
  SUBSCRIBE: ['Contact: <sip:mallory@192.0.2.66>', 'Event: presence'],
  NOTIFY: ['Contact: <sip:mallory@192.0.2.66>', 'Event: presence', 'Subscription-State: active'],
  PUBLISH: ['Event: presence'],
};

/** One datagram. @param number different for each */
export function datagram(kind: Kind, number: number, address: string): Buffer {
  if (kind === 'garbage') return number % 2 === 0 ? randomBytes(300) : Buffer.from(`SIP ${number}\r\nVia: x\r\n\r\n`);
  const contact = kind === 'REGISTER' ? [`Contact: <sip:mallory${number}@${address}>`] : [];
  return Buffer.from(
    [
      `${kind} sip:bob@example.com SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:5060;branch=z9hG4bKflood${number};rport`,
      `From: <sip:mallory@example.com>;tag=m${number}`,
      'To: <sip:bob@example.com>',
      `Call-ID: flood-${number}@${address}`,
      `CSeq: 1 ${kind}`,
      'Max-Forwards: 70',
      ...contact,
      ...(MORE[kind] ?? []),
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
}
