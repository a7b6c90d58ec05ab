import type { Params } from './params.ts';
import { ALPHANUM, charClass, consistsOf, DIGITS, SipSyntaxError, UNRESERVED } from './syntax.ts';

/** A telephone number as a URI (RFC 3966). */
export interface TelUri {
  scheme: 'tel';
  /** As written, with `+` where it is global, and visual separators. */
  number: string;
  /** By lower-case name; a local number has `phone-context`. */
  params: Params;
}

const GLOBAL_DIGITS = charClass(`${DIGITS}-.()`);
const LOCAL_DIGITS = charClass(`${DIGITS}ABCDEFabcdef*#-.()`);
const PARAM_NAME = charClass(`${ALPHANUM}-`);
const PARAM_VALUE = charClass(`${UNRESERVED}[]/:&+$%`);

/** @param text What stands behind `tel:` @throws SipSyntaxError */
export function parseTelUri(text: string): TelUri {
  const [number = '', ...pairs] = text.split(';');
  const params = new Map<string, string | null>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = (equals === -1 ? pair : pair.slice(0, equals)).toLowerCase();
    const value = equals === -1 ? null : pair.slice(equals + 1);
    if (!consistsOf(name, PARAM_NAME)) fail('a parameter has no name');
    if (value !== null && (!consistsOf(value, PARAM_VALUE) || /%(?![0-9A-Fa-f]{2})/.test(value))) {
      fail(`the value of "${name}" has a character that must be escaped`);
    }
    if (params.has(name)) fail(`the parameter "${name}" appears twice`);
    params.set(name, value);
  }
  if (number.startsWith('+')) {
    if (!consistsOf(number.slice(1), GLOBAL_DIGITS) || !/[0-9]/.test(number)) fail('"+" is not followed by a number');
  } else {
    if (!consistsOf(number, LOCAL_DIGITS) || !/[0-9A-Fa-f*#]/.test(number)) fail('there is no number');
    // RFC 3966 5.1.5: a local number says where it is valid.
    if (!params.get('phone-context')) fail('a local number needs a phone-context');
  }
  return { scheme: 'tel', number, params };
}

function fail(why: string): never {
  throw new SipSyntaxError(`tel URI (RFC 3966 3): ${why}`);
}
