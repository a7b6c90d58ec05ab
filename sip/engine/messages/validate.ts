import { parseCallId } from './callId.ts';
import { parseCSeq } from './cseq.ts';
import { bad, type Problem } from './head.ts';
import type { SipHeaders } from './headers.ts';
import type { SipMessage } from './message.ts';
import { parseFrom, parseTo, tagOf } from './nameAddr.ts';
import { OPTIONAL } from './optional.ts';
import { readInteger, SipSyntaxError } from './syntax.ts';
import { parseUri } from './uri.ts';
import { hasMagicCookie, MAGIC_COOKIE, parseVia, type Via } from './via.ts';

/** RFC 3261 8.1.1, 8.2.6.2: without these nothing can be done with a message. */
const MANDATORY = ['Via', 'From', 'To', 'Call-ID', 'CSeq'];

/** Fields of one value, on which it depends what is done (RFC 3261 7.3.1, RFC 4475 3.3.8). */
const SINGLE: ReadonlySet<string> = new Set([
  'call-id',
  'content-type',
  'cseq',
  'date',
  'event',
  'expires',
  'from',
  'max-forwards',
  'min-expires',
  'min-se',
  'rack',
  'refer-to',
  'replaces',
  'retry-after',
  'rseq',
  'session-expires',
  'subscription-state',
  'to',
]);

/** What is asked of a header field. */
interface Rule {
  /** A bit of its own, to tell which fields were seen. */
  bit: number;
  /** Whether it may stand in a message only once. */
  single: boolean;
  /** How it must read where it is there at all. */
  parser: ((value: string) => unknown) | undefined;
}

const keysWithRules = [...MANDATORY.map((name) => name.toLowerCase()), ...SINGLE, ...OPTIONAL.keys()];
const RULES: ReadonlyMap<string, Rule> = new Map(
  [...new Set(keysWithRules)].map((key, index): [string, Rule] => [
    key,
    { bit: 1 << index, single: SINGLE.has(key), parser: OPTIONAL.get(key) },
  ]),
);

/** Requests whose Contact becomes the other side's remote target (RFC 3261 8.1.1.8, 12.2.1.1; 3311, 3515, 6665). */
const TARGETING: ReadonlySet<string> = new Set(['INVITE', 'NOTIFY', 'REFER', 'SUBSCRIBE', 'UPDATE']);

/**
 * Looks at everything that the transaction, dialog and transport layers rely on (RFC 3261 8.1.1, 8.2,
 * 16.3). In a response, what is not needed to pass it on may be malformed, and gives a warning: the
 * response would be dropped otherwise, and the call be lost with it.
 */
export function validate(message: SipMessage, warnings: string[]): Problem | null {
  const { headers } = message;
  let seen = 0;
  let repeated: string | undefined;
  const optional: [key: string, parser: (value: string) => unknown][] = [];
  for (const { key } of headers.fields) {
    const rule = RULES.get(key);
    if (rule === undefined) continue;
    if ((seen & rule.bit) !== 0) {
      if (rule.single) repeated ??= key;
    } else if (rule.parser !== undefined) optional.push([key, rule.parser]);
    seen |= rule.bit;
  }
  for (const [index, name] of MANDATORY.entries()) {
    // Their bits are the lowest.
    if ((seen & (1 << index)) === 0) {
      return bad(`Missing ${name}`, `There is no ${name} (RFC 3261 8.1.1, 8.2.6.2).`);
    }
  }
  if (repeated !== undefined) {
    return bad(`Multiple ${repeated}`, `The header field "${repeated}" appears more than once (RFC 3261 7.3.1).`);
  }
  try {
    const needed = checkNeeded(message, warnings);
    if (needed !== null) return needed;
  } catch (error) {
    return malformed(error);
  }

  let problem: Problem | null = null;
  for (const [key, parser] of optional) {
    problem ??= letPass(message, warnings, checkField(headers, key, parser));
  }
  return problem ?? letPass(message, warnings, checkTogether(message, warnings));
}

/** What every layer reads: Request-URI, Via, From, To, Call-ID, CSeq. @throws SipSyntaxError */
function checkNeeded(message: SipMessage, warnings: string[]): Problem | null {
  const { headers } = message;
  if (message.kind === 'request') {
    const uri = parseUri(message.uri);
    // A URI's header fields belong into the request that is made of it, not into its first line.
    if ((uri.scheme === 'sip' || uri.scheme === 'sips') && uri.headers.length > 0) {
      return bad('Request-URI Has Headers', 'The Request-URI has header fields (RFC 3261 19.1.1, RFC 4475 3.1.2.11).');
    }
  }
  headers.check('via', parseVia);
  const top = headers.first('via', parseVia);
  if (top === undefined) return bad('Missing Via', 'Via is empty (RFC 3261 8.1.1.7).');
  const untraceable = checkBranch(top, warnings);
  if (untraceable !== null) return untraceable;

  // RFC 3261 12.1.1: a client of RFC 2543 sends none.
  if (tagOf(headers.first('from', parseFrom)!) === undefined) warnings.push('From has no tag (RFC 3261 8.1.1.3).');
  headers.first('to', parseTo);
  headers.first('call-id', parseCallId);
  const cseq = headers.first('cseq', parseCSeq)!;
  if (message.kind === 'request' && cseq.method !== message.method) {
    return bad('CSeq Method Mismatch', 'The method of CSeq is not that of the request (RFC 3261 8.1.1.5).');
  }
  return null;
}

function checkBranch({ version, params }: Via, warnings: string[]): Problem | null {
  if (version !== '2.0') return bad('Malformed Via', 'The topmost Via is not of SIP/2.0 (RFC 3261 20.42).');
  const branch = params.get('branch') ?? '';
  if (!hasMagicCookie(branch)) {
    warnings.push('The branch of the topmost Via is of RFC 2543 (RFC 3261 17.2.3).');
  } else if (branch.length === MAGIC_COOKIE.length) {
    const why = 'Nothing follows the cookie of the branch (RFC 3261 8.1.1.7, RFC 4475 3.2.1).';
    return bad('Missing Transaction Identifier', why);
  }
  return null;
}

/** Rules over more than one field. */
function checkTogether(message: SipMessage, warnings: string[]): Problem | null {
  const { headers } = message;
  if (message.kind === 'request' && !headers.has('max-forwards')) {
    // RFC 3261 16.3: a proxy adds one.
    warnings.push('There is no Max-Forwards (RFC 3261 8.1.1.6).');
  }
  if (message.body.length > 0 && !headers.has('content-type')) {
    return bad('Missing Content-Type', 'There is a body, but no Content-Type (RFC 3261 7.4.1, 20.15).');
  }
  return headers.has('contact') ? checkContacts(message) : null;
}

function checkContacts(message: SipMessage): Problem | null {
  const { headers } = message;
  const method = message.kind === 'request' ? message.method : null;
  const contacts = headers.all('contact');
  if (contacts.includes('*')) {
    // RFC 3261 10.2.2, 10.3: alone, in a REGISTER, with Expires 0.
    const right = method === 'REGISTER' && contacts.length === 1 && readInteger(headers.get('expires') ?? '', 0) === 0;
    const why = 'Contact "*" stands alone, in a REGISTER with Expires 0 (RFC 3261 10.2.2, 10.3).';
    if (!right) return bad('Malformed Contact', why);
  }
  if (contacts.length > 1 && method !== null && TARGETING.has(method)) {
    return bad('Multiple Contact', `${method} has more than one Contact (RFC 3261 8.1.1.8).`);
  }
  return null;
}

function checkField(headers: SipHeaders, key: string, parser: (value: string) => unknown): Problem | null {
  try {
    headers.check(key, parser);
    return null;
  } catch (error) {
    return malformed(error);
  }
}

/** The problem that a broken rule throws. */
function malformed(error: unknown): Problem {
  if (!(error instanceof SipSyntaxError)) throw error;
  // Every complaint begins with the name of what it is about.
  return bad(`Malformed ${/^[\w-]+/.exec(error.message)?.[0] ?? 'Header'}`, `${error.message}.`);
}

function letPass(message: SipMessage, warnings: string[], problem: Problem | null): Problem | null {
  if (problem === null || message.kind === 'request') return problem;
  warnings.push(problem.why);
  return null;
}
