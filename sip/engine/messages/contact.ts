import { parseNameAddr, serializeNameAddr, type NameAddr } from './nameAddr.ts';
import { readInteger, SipSyntaxError } from './syntax.ts';

/** One element of Contact; `*` stands for every binding of a REGISTER (RFC 3261 10.2.2, 20.10). */
export type Contact = '*' | NameAddr;

const RULE = 'Contact (RFC 3261 20.10)';
const QVALUE = /^(0(\.[0-9]{0,3})?|1(\.0{0,3})?)$/;

/** @throws SipSyntaxError */
export function parseContact(value: string): Contact {
  if (value.trim() === '*') return '*';
  const contact = parseNameAddr(value, RULE);
  const q = contact.params.get('q');
  if (q !== undefined && (q === null || !QVALUE.test(q))) throw new SipSyntaxError(`${RULE}: "q" is not 0 to 1`);
  return contact;
}

export function serializeContact(contact: Contact): string {
  return contact === '*' ? '*' : serializeNameAddr(contact);
}

/** Preference of a binding among others, 0 to 1; 1 where it is not told (RFC 3261 16.6, 20.10). */
export function contactPreference(contact: NameAddr): number {
  return Number(contact.params.get('q') ?? 1);
}

/**
 * Seconds for which a binding is wanted; undefined where the contact does not tell. What is no
 * number of 32 bits counts as 3600 (RFC 3261 20.10).
 */
export function contactExpires(contact: NameAddr): number | undefined {
  const value = contact.params.get('expires');
  return value === undefined ? undefined : deltaSeconds(value ?? '');
}

/** Expires (RFC 3261 20.19), in seconds; malformed values count as 3600, as those of Contact do. */
export function parseExpires(value: string): number {
  return deltaSeconds(value.trim());
}

function deltaSeconds(text: string): number {
  return readInteger(text, 2 ** 32 - 1) ?? 3600;
}
