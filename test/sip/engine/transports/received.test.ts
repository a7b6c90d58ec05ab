import { expect, it } from 'vitest';
import { noteReceived } from '../../../../sip/engine/transports/received.ts';
import { PaperFlow, request } from '../../../support/sip/paperFlow.ts';

it.each([
  ['192.0.2.99:4711', '192.0.2.99:5070', '192.0.2.99:5070', 5070, 'as it stands, where it is true'],
  ['192.0.2.99:4711', '192.0.2.99', '192.0.2.99', 5060, 'without a port, at the one that goes without saying'],
  ['192.0.2.99:4711', 'h.invalid:5070', 'h.invalid:5070;received=192.0.2.99', 5070, 'with the source address'],
  ['192.0.2.99:4711', '192.0.2.99;rport', '192.0.2.99;rport=4711;received=192.0.2.99', 4711, 'with the source port'],
  ['192.0.2.99:4711', '192.0.2.99:0', '192.0.2.99:0', 4711, 'at the source port, where it names none'],
  ['2001:db8::99:4711', '[2001:db8::99]:5070', '[2001:db8::99]:5070', 5070, 'as it stands over IPv6'],
  ['2001:db8::99:4711', '[2001:db8::1]', '[2001:db8::1];received=2001:db8::99', 5060, 'with an IPv6 address'],
  ['fe80::99%eth0:4711', '[fe80::99]:5070', '[fe80::99]:5070', 5070, 'a link-local address without its zone'],
])(
  '[RFC 3261 18.2.1, RFC 3581 4] from %s the Via of %s becomes %s, answered to port %i: %s',
  (from, via, noted, port) => {
    const [, address = '', source] = /^(.*):(\d+)$/.exec(from) ?? [];
    const flow = Object.assign(new PaperFlow(), { remote: { address, port: Number(source) } });
    const { headers } = request('OPTIONS', { Via: `SIP/2.0/UDP ${via};branch=z9hG4bKa1` });
    expect(noteReceived(headers, flow)).toBe(port);
    const params = (text: string) => text.split(';').sort();
    expect(params(headers.get('via') ?? '')).toEqual(params(`SIP/2.0/UDP ${noted};branch=z9hG4bKa1`));
  },
);
