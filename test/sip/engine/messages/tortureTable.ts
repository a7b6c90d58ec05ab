/** The 49 messages of RFC 4475 in its order, and what it asks to be done with each. */
export interface Torture {
  file: string;
  section: string;
  title: string;
  /**
   * What this layer does: `valid` parses it, a status answers it, `drop` is for a response that is thrown away.
   * Where the RFC leaves a choice between rejecting and guessing, a strict parser rejects.
   */
  verdict: 'valid' | 400 | 505 | 'drop';
  /** What is complained of: a part of `why`. */
  why?: RegExp;
  /** What is left to the layers above, who see the message parsed. */
  above?: string;
}

export const TORTURE: readonly Torture[] = [
  { file: 'wsinv', section: '3.1.1.1', title: 'a short tortuous INVITE', verdict: 'valid' },
  {
    file: 'intmeth',
    section: '3.1.1.2',
    title: 'wide range of valid characters',
    verdict: 'valid',
    above: '501 or 405: nobody knows the method',
  },
  { file: 'esc01', section: '3.1.1.3', title: 'valid use of the % escaping mechanism', verdict: 'valid' },
  { file: 'escnull', section: '3.1.1.4', title: 'escaped nulls in URIs', verdict: 'valid' },
  {
    file: 'esc02',
    section: '3.1.1.5',
    title: 'use of % when it is not an escape',
    verdict: 'valid',
    above: '501: RE%47IST%45R is not REGISTER',
  },
  { file: 'lwsdisp', section: '3.1.1.6', title: 'no LWS between display name and <', verdict: 'valid' },
  { file: 'longreq', section: '3.1.1.7', title: 'long values in header fields', verdict: 'valid' },
  { file: 'dblreq', section: '3.1.1.8', title: 'extra trailing octets in a UDP datagram', verdict: 'valid' },
  { file: 'semiuri', section: '3.1.1.9', title: 'semicolon-separated parameters in the user part', verdict: 'valid' },
  { file: 'transports', section: '3.1.1.10', title: 'varied and unknown transport types', verdict: 'valid' },
  { file: 'mpart01', section: '3.1.1.11', title: 'multipart MIME message', verdict: 'valid' },
  { file: 'unreason', section: '3.1.1.12', title: 'unusual reason phrase', verdict: 'valid' },
  { file: 'noreason', section: '3.1.1.13', title: 'empty reason phrase', verdict: 'valid' },
  {
    file: 'badinv01',
    section: '3.1.2.1',
    title: 'extraneous header field separators',
    verdict: 400,
    why: /^Via .*parameter name/,
  },
  {
    file: 'clerr',
    section: '3.1.2.2',
    title: 'Content-Length larger than the message',
    verdict: 400,
    why: /9999, but 154 bytes/,
  },
  { file: 'ncl', section: '3.1.2.3', title: 'negative Content-Length', verdict: 400, why: /^Content-Length/ },
  {
    file: 'scalar02',
    section: '3.1.2.4',
    title: 'request scalar fields with overlarge values',
    verdict: 400,
    why: /^CSeq .*larger than 2\^32-1/,
  },
  {
    file: 'scalarlg',
    section: '3.1.2.5',
    title: 'response scalar fields with overlarge values',
    verdict: 'drop',
    why: /^CSeq .*larger than 2\^32-1/,
  },
  { file: 'quotbal', section: '3.1.2.6', title: 'unterminated quoted string in To', verdict: 400, why: /^To .*closed/ },
  { file: 'ltgtruri', section: '3.1.2.7', title: '<> enclosing the Request-URI', verdict: 400, why: /^URI "</ },
  {
    file: 'lwsruri',
    section: '3.1.2.8',
    title: 'embedded LWS in the Request-URI',
    verdict: 400,
    why: /^The first line/,
  },
  {
    file: 'lwsstart',
    section: '3.1.2.9',
    title: 'multiple SP separating Request-Line elements',
    verdict: 400,
    why: /^The first line/,
  },
  {
    file: 'trws',
    section: '3.1.2.10',
    title: 'SP characters at the end of the Request-Line',
    verdict: 400,
    why: /^The first line/,
  },
  {
    file: 'escruri',
    section: '3.1.2.11',
    title: 'escaped headers in the Request-URI',
    verdict: 400,
    why: /^The Request-URI has header fields/,
  },
  { file: 'baddate', section: '3.1.2.12', title: 'invalid time zone in Date', verdict: 400, why: /^Date/ },
  {
    file: 'regbadct',
    section: '3.1.2.13',
    title: 'a Contact URI that needs <>',
    verdict: 400,
    why: /^Contact .*between < and >/,
  },
  { file: 'badaspec', section: '3.1.2.14', title: 'spaces within addr-spec', verdict: 400, why: /^URI " sip:/ },
  {
    file: 'baddn',
    section: '3.1.2.15',
    title: 'non-token characters in a display name',
    verdict: 400,
    // The stored datagram also lacks its empty line; see the test of the display name alone.
    why: /^No empty line/,
  },
  { file: 'badvers', section: '3.1.2.16', title: 'unknown protocol version', verdict: 505, why: /^The request is not/ },
  {
    file: 'mismatch01',
    section: '3.1.2.17',
    title: 'start line and CSeq method mismatch',
    verdict: 400,
    why: /^The method of CSeq/,
  },
  {
    file: 'mismatch02',
    section: '3.1.2.18',
    title: 'unknown method with CSeq method mismatch',
    verdict: 400,
    why: /^The method of CSeq/,
  },
  {
    file: 'bigcode',
    section: '3.1.2.19',
    title: 'overlarge response code',
    verdict: 'drop',
    why: /^The first line/,
  },
  {
    file: 'badbranch',
    section: '3.2.1',
    title: 'missing transaction identifier',
    verdict: 400,
    why: /cookie of the branch/,
  },
  { file: 'insuf', section: '3.3.1', title: 'missing required header fields', verdict: 400, why: /^There is no From/ },
  { file: 'unkscm', section: '3.3.2', title: 'Request-URI with unknown scheme', verdict: 'valid', above: '416' },
  {
    file: 'novelsc',
    section: '3.3.3',
    title: 'Request-URI with known but atypical scheme',
    verdict: 'valid',
    above: '416',
  },
  {
    file: 'unksm2',
    section: '3.3.4',
    title: 'unknown URI schemes in header fields',
    verdict: 'valid',
    above: '400 of the registrar: To is no SIP URI',
  },
  {
    file: 'bext01',
    section: '3.3.5',
    title: 'Proxy-Require and Require',
    verdict: 'valid',
    above: '420 with Unsupported',
  },
  { file: 'invut', section: '3.3.6', title: 'unknown Content-Type', verdict: 'valid', above: '415' },
  {
    file: 'regaut01',
    section: '3.3.7',
    title: 'unknown authorization scheme',
    verdict: 'valid',
    above: '401, as if there were no Authorization',
  },
  {
    file: 'multi01',
    section: '3.3.8',
    title: 'multiple values in single-value required fields',
    verdict: 400,
    why: /appears more than once/,
  },
  {
    file: 'mcl01',
    section: '3.3.9',
    title: 'multiple Content-Length values',
    verdict: 400,
    why: /^Content-Length appears more than once/,
  },
  {
    file: 'bcast',
    section: '3.3.10',
    title: '200 OK with broadcast Via',
    verdict: 'valid',
    above: 'dropped by a client: two Vias (RFC 3261 8.1.3.3); never sent on to 255.255.255.255',
  },
  { file: 'zeromf', section: '3.3.11', title: 'Max-Forwards of zero', verdict: 'valid', above: '483 of a proxy' },
  { file: 'cparam01', section: '3.3.12', title: 'REGISTER with a Contact header parameter', verdict: 'valid' },
  { file: 'cparam02', section: '3.3.13', title: 'REGISTER with a Contact URI parameter', verdict: 'valid' },
  { file: 'regescrt', section: '3.3.14', title: 'REGISTER with a URI escaped header', verdict: 'valid' },
  { file: 'sdp01', section: '3.3.15', title: 'unacceptable Accept offering', verdict: 'valid', above: '406' },
  {
    file: 'inv2543',
    section: '3.4.1',
    title: 'INVITE of RFC 2543',
    verdict: 'valid',
    above: 'matched by RFC 3261 17.2.3, for its branch has no cookie',
  },
];
