import { parseContact } from './contact.ts';
import { parseCSeq } from './cseq.ts';
import { bad, type Problem } from './head.ts';
import type { SipMessage, SipRequest } from './message.ts';
import { parseFrom, parseRoute, parseTo, tagOf } from './nameAddr.ts';
import { OPTIONAL } from './optional.ts';
import { consistsOf, readInteger, SipSyntaxError, spanEnd, WORD } from './syntax.ts';
import { parseUri } from './uri.ts';
import { hasMagicCookie, MAGIC_COOKIE, parseVia } from './via.ts';

/** RFC 3261 8.1.1, 8.2.6.2: without these nothing can be done with a message. */
const MANDATORY = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];
/** Those of them and of the others that decide, and that appear once (RFC 3261 7.3.1, RFC 4475 3.3.8). */
const SINGLE = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Type', 'Expires', 'Event'];

/** Requests whose Contact becomes the other side's remote target (RFC 3261 8.1.1.8, 12.2.1.1). */
const TARGETS: ReadonlySet<string> = new Set(['INVITE', 'SUBSCRIBE', 'NOTIFY', 'REFER', 'UPDATE']);

/**
 * Looks at everything that the transaction, dialog and transport layers rely on (RFC 3261 8.1.1, 8.2,
 * 16.3). In a response, what is not needed to pass it on may be malformed and gives a warning: the
 * response would be dropped otherwise, and the call be lost with it.
 */
export function validate(message: SipMessage, warnings: string[]): Problem | null {
  try {
    return validateNeeded(message, warnings) ?? validateOptional(message, warnings);
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    return bad('Malformed Message', `${error.message}.`);
  }
}

function validateNeeded(message: SipMessage, warnings: string[]): Problem | null {
  const { headers } = message;
  for (const name of MANDATORY) {
    if (!headers.has(name)) return bad(`Missing ${name}`, `There is no ${name} (RFC 3261 8.1.1, 8.2.6.2).`);
  }
  for (const name of SINGLE) {
    if (headers.count(name) > 1) return bad(`Multiple ${name}`, `${name} appears more than once (RFC 3261 7.3.1).`);
  }
  if (message.kind === 'request') parseRequestUri(message);

  const vias = headers.every('via', parseVia);
  const top = vias[0];
  if (top === undefined) return bad('Missing Via', 'Via is empty (RFC 3261 8.1.1.7).');
  if (top.version !== '2.0') return bad('Malformed Via', 'The topmost Via is not of SIP/2.0 (RFC 3261 20.42).');
  const branch = top.params.get('branch') ?? '';
  if (branch.length === MAGIC_COOKIE.length && hasMagicCookie(branch)) {
    return bad(
      'Missing Transaction Identifier',
      "Nothing follows the branch's cookie (RFC 3261 8.1.1.7, RFC 4475 3.2.1).",
    );
  }
  if (!hasMagicCookie(branch)) warnings.push('The branch of the topmost Via is of RFC 2543 (RFC 3261 17.2.3).');

  const from = headers.first('from', parseFrom)!;
  // RFC 3261 12.1.1: a client of RFC 2543 sends none.
  if (tagOf(from) === undefined) warnings.push('From has no tag (RFC 3261 8.1.1.3).');
  headers.first('to', parseTo);

  const callId = headers.get('call-id')!;
  // callid = word [ "@" word ]
  const at = spanEnd(callId, 0, WORD);
  const host = callId.slice(at + 1);
  if (at === 0 || (at < callId.length && (callId[at] !== '@' || !consistsOf(host, WORD)))) {
    return bad('Malformed Call-ID', 'Call-ID is not a word, or two with "@" between (RFC 3261 20.8, 25.1).');
  }

  const cseq = headers.first('cseq', parseCSeq)!;
  if (message.kind === 'request' && cseq.method !== message.method) {
    return bad('CSeq Method Mismatch', 'The method of CSeq is not that of the request (RFC 3261 8.1.1.5).');
  }
  return null;
}

/** RFC 3261 19.1.1, 19.1.4: headers of a URI belong into the request that is made of it, not into its first line. */
function parseRequestUri({ uri }: SipRequest): void {
  const parsed = parseUri(uri);
  if ((parsed.scheme === 'sip' || parsed.scheme === 'sips') && parsed.headers.length > 0) {
    throw new SipSyntaxError('The Request-URI has header fields (RFC 3261 19.1.1, RFC 4475 3.1.2.11)');
  }
}

function validateOptional(message: SipMessage, warnings: string[]): Problem | null {
  const { headers } = message;
  const request = message.kind === 'request' ? message : null;

  const maxForwards = headers.get('max-forwards');
  if (maxForwards === undefined) {
    // RFC 3261 16.3: a proxy adds one.
    if (request !== null) warnings.push('There is no Max-Forwards (RFC 3261 8.1.1.6).');
  } else if (request !== null && readInteger(maxForwards, 255) === null) {
    return bad('Malformed Max-Forwards', 'Max-Forwards is not 0 to 255 (RFC 3261 20.22).');
  }

  // A header counts as needed when it is looked for in a request.
  const check = (why: () => string | null): Problem | null => {
    let complaint: string | null;
    try {
      complaint = why();
    } catch (error) {
      if (!(error instanceof SipSyntaxError)) throw error;
      complaint = error.message;
    }
    if (complaint === null) return null;
    if (request !== null) return bad('Malformed Header', `${complaint}.`);
    warnings.push(`${complaint}.`);
    return null;
  };

  let problem = check(() => contactComplaint(message));
  for (const name of ['route', 'record-route']) {
    problem ??= check(() => {
      headers.every(name, parseRoute);
      return null;
    });
  }
  if (message.body.length > 0 && !headers.has('content-type')) {
    problem ??= check(() => 'There is a body, but no Content-Type (RFC 3261 7.4.1, 20.15)');
  }
  for (const [name, value] of headers.entries()) {
    const rule = OPTIONAL.get(name.toLowerCase());
    if (rule !== undefined) problem ??= check(() => rule(value));
  }
  return problem;
}

function contactComplaint({ headers, ...message }: SipMessage): string | null {
  const contacts = headers.every('contact', parseContact);
  if (contacts.length === 0) return null;
  const method = message.kind === 'request' ? message.method : null;
  if (contacts.includes('*')) {
    // RFC 3261 10.2.2, 10.3: alone, in a REGISTER, with Expires 0.
    if (method !== 'REGISTER') return 'Contact "*" stands in REGISTER alone (RFC 3261 20.10)';
    if (contacts.length > 1) return 'Contact "*" stands alone (RFC 3261 10.3)';
    if (readInteger(headers.get('expires') ?? '', 0) === null) return 'Contact "*" needs Expires 0 (RFC 3261 10.2.2)';
  }
  if (contacts.length > 1 && method !== null && TARGETS.has(method)) {
    return `${method} has more than one Contact (RFC 3261 8.1.1.8)`;
  }
  return null;
}
