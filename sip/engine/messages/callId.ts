import { consistsOf, SipSyntaxError, spanEnd, WORD } from './syntax.ts';

/** callid = word [ "@" word ] (RFC 3261 20.8). Compared as it stands, byte by byte. @throws SipSyntaxError */
export function parseCallId(value: string): string {
  const at = spanEnd(value, 0, WORD);
  const good = at > 0 && (at === value.length || (value[at] === '@' && consistsOf(value.slice(at + 1), WORD)));
  if (!good) throw new SipSyntaxError('Call-ID is not a word, or two with "@" between (RFC 3261 20.8, 25.1)');
  return value;
}
