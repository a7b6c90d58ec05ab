import { expect, it } from 'vitest';
import { glanceAt } from '../../../../sip/engine/messages/glance.ts';

const datagram = (...lines: string[]) => Buffer.from([...lines, '', ''].join('\r\n'));

it('a response tells its transaction by the first Via and the CSeq', () => {
  const glance = glanceAt(
    datagram(
      'SIP/2.0 200 OK',
      'Subject: ;branch=no',
      'v:  SIP/2.0/UDP 192.0.2.1 ; rport=5060;Branch = z9hG4bKours;received=192.0.2.1',
      'Via: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKtheirs',
      'CSEQ: 7  INVITE',
    ),
  );
  expect(glance).toEqual({ kind: 'response', branch: 'z9hG4bKours', method: 'INVITE' });
});

it('a request in a dialog tells it by Call-ID and both tags', () => {
  const glance = glanceAt(
    datagram(
      'BYE sip:couchline@192.0.2.1 SIP/2.0',
      't: "To; tag=x" <sip:couchline@192.0.2.1;tag=y>;tag=ours',
      'From: <sip:bob@example.com>; Tag=theirs;x=1',
      'i: c1@192.0.2.1',
    ),
  );
  expect(glance).toEqual({ kind: 'request', callId: 'c1@192.0.2.1', fromTag: 'theirs', toTag: 'ours' });
});

it.each([
  [
    'a request outside of any dialog',
    datagram('INVITE sip:a@b SIP/2.0', 'To: <sip:a@b>', 'From: <sip:c@d>;tag=1', 'Call-ID: c1'),
  ],
  ['a response without a branch', datagram('SIP/2.0 200 OK', 'Via: SIP/2.0/UDP 192.0.2.1', 'CSeq: 1 BYE')],
  ['garbage', Buffer.alloc(300, 0xff)],
  [
    'what stands too far behind',
    datagram('BYE sip:a@b SIP/2.0', `X: ${'x'.repeat(5000)}`, 'To: <sip:a@b>;tag=1', 'Call-ID: c1'),
  ],
])('%s tells nothing', (_, bytes) => {
  expect(glanceAt(bytes)).toBeUndefined();
});
