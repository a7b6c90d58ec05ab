/** Messages between alice and bob, as they go over the wire. */

const SDP = [
  'v=0',
  'o=alice 2890844526 2890844526 IN IP4 192.0.2.1',
  's=-',
  'c=IN IP4 192.0.2.1',
  't=0 0',
  'm=audio 49170 RTP/AVP 0 8 101',
  'a=rtpmap:101 telephone-event/8000',
  '',
].join('\r\n');

export const INVITE = wire(
  [
    'INVITE sip:bob@biloxi.example.com SIP/2.0',
    'Via: SIP/2.0/UDP pc33.atlanta.example.com:5060;rport;branch=z9hG4bK776asdhds',
    'Max-Forwards: 70',
    'To: Bob <sip:bob@biloxi.example.com>',
    'From: "Alice" <sip:alice@atlanta.example.com>;tag=1928301774',
    'Call-ID: a84b4c76e66710@pc33.atlanta.example.com',
    'CSeq: 314159 INVITE',
    'Contact: <sip:alice@pc33.atlanta.example.com:5060;transport=udp>',
    'Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, NOTIFY',
    'Supported: replaces, timer, 100rel',
    'Session-Expires: 1800;refresher=uac',
    'Content-Type: application/sdp',
  ],
  SDP,
);

export const REGISTER = wire([
  'REGISTER sips:ss2.biloxi.example.com SIP/2.0',
  'Via: SIP/2.0/WSS df7jal23ls0d.invalid;branch=z9hG4bKnashds7',
  'Max-Forwards: 70',
  'From: Bob <sips:bob@biloxi.example.com>;tag=a73kszlfl',
  'To: Bob <sips:bob@biloxi.example.com>',
  'Call-ID: 1j9FpLxk3uxtm8tn@biloxi.example.com',
  'CSeq: 1 REGISTER',
  'Contact: <sips:bob@df7jal23ls0d.invalid;transport=ws>;reg-id=1;+sip.instance="<urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>"',
  'Supported: path, outbound',
  'Authorization: Digest username="bob", realm="atlanta.example.com", nonce="ea9c8e88df84f1cec4341ae6cbe5a359", uri="sips:ss2.biloxi.example.com", response="dfe56131d1958046689d83306477ecc"',
]);

export const OK = wire(
  [
    'SIP/2.0 200 OK',
    'Via: SIP/2.0/UDP server10.biloxi.example.com;branch=z9hG4bKnashds8;received=192.0.2.3, SIP/2.0/UDP pc33.atlanta.example.com;branch=z9hG4bK776asdhds;received=192.0.2.1',
    'Record-Route: <sip:p1.example.com;lr>,<sip:p2.example.com;lr>',
    'To: Bob <sip:bob@biloxi.example.com>;tag=a6c85cf',
    'From: Alice <sip:alice@atlanta.example.com>;tag=1928301774',
    'Call-ID: a84b4c76e66710@pc33.atlanta.example.com',
    'CSeq: 314159 INVITE',
    'Contact: <sip:bob@192.0.2.4>',
    'Content-Type: application/sdp',
  ],
  SDP,
);

export const NOTIFY = wire(
  [
    'NOTIFY sip:alice@[2001:db8::9:1]:5061;transport=tcp SIP/2.0',
    'v: SIP/2.0/TCP [2001:db8::9:2];branch=z9hG4bK9ikj8;received=2001:db8::9:255',
    'Max-Forwards: 70',
    'f: <tel:+1-201-555-0123>;tag=31',
    't: <sip:alice@example.com;user=phone>;tag=19',
    'i: 7Gsx8@[2001:db8::9:2]',
    'CSeq: 2 NOTIFY',
    'm: <sip:bob@[2001:db8::9:2]>',
    'o: refer;id=93809824',
    'Subscription-State: active;expires=3600',
    'c: message/sipfrag;version=2.0',
  ],
  'SIP/2.0 100 Trying\r\n',
);

/** A request that has what it must, and these lines too. */
export function options(...lines: string[]): Buffer {
  return wire([
    'OPTIONS sip:bob@example.com SIP/2.0',
    'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
    'Max-Forwards: 70',
    'From: <sip:alice@example.com>;tag=1',
    'To: <sip:bob@example.com>',
    'Call-ID: 1@192.0.2.1',
    'CSeq: 1 OPTIONS',
    ...lines,
  ]);
}

/** Lines and body with the Content-Length that belongs to them. */
export function wire(lines: readonly string[], body = ''): Buffer {
  return Buffer.from([...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n'));
}
