/** What RFC 3261 7.3 and the IANA registry of SIP header fields say of names. */

/** Compact forms (RFC 3261 7.3.3, 20; RFC 3515, 3841, 3892, 4028, 6665, 8224). */
const COMPACT: Record<string, string> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

/** Header fields whose grammar is a list, so that a comma separates values (RFC 3261 7.3.1). */
const LISTS: ReadonlySet<string> = new Set([
  'accept',
  'accept-contact',
  'accept-encoding',
  'accept-language',
  'alert-info',
  'allow',
  'allow-events',
  'call-info',
  'contact',
  'content-encoding',
  'content-language',
  'diversion',
  'error-info',
  'geolocation',
  'history-info',
  'in-reply-to',
  'p-asserted-identity',
  'p-associated-uri',
  'p-preferred-identity',
  'path',
  'proxy-require',
  'reason',
  'record-route',
  'recv-info',
  'reject-contact',
  'request-disposition',
  'require',
  'route',
  'security-client',
  'security-server',
  'security-verify',
  'service-route',
  'supported',
  'unsupported',
  'user-to-user',
  'via',
  'warning',
]);

/** Spellings that are met all the time, so that they need not be lower-cased again. */
const KNOWN = new Map<string, string>();
for (const [compact, full] of Object.entries(COMPACT)) {
  KNOWN.set(compact, full).set(compact.toUpperCase(), full);
}
for (const name of [
  'Allow',
  'Authorization',
  'CSeq',
  'Call-ID',
  'Contact',
  'Content-Length',
  'Content-Type',
  'Event',
  'Expires',
  'From',
  'Max-Forwards',
  'Min-SE',
  'P-Asserted-Identity',
  'Proxy-Authorization',
  'RAck',
  'RSeq',
  'Record-Route',
  'Require',
  'Route',
  'Server',
  'Session-Expires',
  'Supported',
  'To',
  'User-Agent',
  'Via',
  'WWW-Authenticate',
]) {
  KNOWN.set(name, name.toLowerCase()).set(name.toLowerCase(), name.toLowerCase());
}

/** The name by which a header field is compared: lower case, compact forms written out. */
export function headerKey(name: string): string {
  const known = KNOWN.get(name);
  return known ?? name.toLowerCase();
}

/** Whether a comma separates values in this header field. @param key As `headerKey` gives it */
export function isList(key: string): boolean {
  return LISTS.has(key);
}
