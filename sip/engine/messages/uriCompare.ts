import type { SipUri, Uri } from './uri.ts';

/** Parameters that tell two URIs apart even when only one has them (RFC 3261 19.1.4 and its examples). */
const DECIDING = ['user', 'ttl', 'method', 'maddr', 'transport'];

/** Whether two URIs are equivalent (RFC 3261 19.1.4; tel: RFC 3966 4). Not transitive, as the RFC says. */
export function equalUris(a: Uri, b: Uri): boolean {
  if (a.scheme === 'other' || b.scheme === 'other') {
    return a.scheme === 'other' && b.scheme === 'other' && a.text === b.text;
  }
  if (a.scheme === 'tel' || b.scheme === 'tel') {
    return a.scheme === 'tel' && b.scheme === 'tel' && telephone(a.number) === telephone(b.number) && sameParams(a, b);
  }
  // Default values are not supposed: a port of 5060 differs from none.
  return (
    a.scheme === b.scheme &&
    a.user === b.user &&
    a.password === b.password &&
    a.host === b.host &&
    a.port === b.port &&
    DECIDING.every((name) => a.params.has(name) === b.params.has(name)) &&
    [...a.params].every(([name, value]) => !b.params.has(name) || sameValue(value, b.params.get(name))) &&
    sameHeaders(a, b)
  );
}

function sameValue(a: string | null, b: string | null | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

function sameHeaders(a: SipUri, b: SipUri): boolean {
  const sorted = ({ headers }: SipUri) => headers.map(([name, value]) => `${name.toLowerCase()}=${value}`).sort();
  return a.headers.length === b.headers.length && sorted(a).join('&') === sorted(b).join('&');
}

/** RFC 3966 5.1.1: visual separators are not compared. */
function telephone(number: string): string {
  return number.replace(/[-.()]/g, '').toLowerCase();
}

function sameParams(a: Pick<SipUri, 'params'>, b: Pick<SipUri, 'params'>): boolean {
  return (
    a.params.size === b.params.size && [...a.params].every(([name, value]) => sameValue(value, b.params.get(name)))
  );
}

/**
 * What a registrar keeps bindings under (RFC 3261 10.3 step 5): scheme, user, host and port, without
 * parameters. Escapes are already canonical. A telephone number in a SIP URI stays as it is.
 */
export function addressOfRecord({ scheme, user, host, port }: SipUri): string {
  return `${scheme}:${user === null ? '' : `${user}@`}${port === null ? host : `${host}:${port}`}`;
}
