import { isToken, SipSyntaxError, type Scanner } from './syntax.ts';

/**
 * Parameters by lower-case name, in order. A value is as it was written, so that a quoted-string
 * keeps its quotes (`unquote` takes them off); null where there is none.
 */
export type Params = ReadonlyMap<string, string | null>;

export const NO_PARAMS: Params = new Map();

/** *( SEMI generic-param ), to the end of the text (RFC 3261 25.1). @throws SipSyntaxError */
export function readParams(scanner: Scanner): Params {
  scanner.skipSpace();
  if (scanner.atEnd) return NO_PARAMS;
  const params = new Map<string, string | null>();
  while (!scanner.atEnd) {
    scanner.expect(';');
    const name = scanner.token('a parameter name').toLowerCase();
    // RFC 3261 7.3.1: no parameter name appears more than once.
    if (params.has(name)) scanner.fail(`the parameter "${name}" appears twice`);
    params.set(name, scanner.take('=') ? scanner.parameterValue(`the value of "${name}"`) : null);
    scanner.skipSpace();
  }
  return params;
}

/** `;name=value` for each. Values are written as they are: quote what needs it. */
export function writeParams(params: Params): string {
  let text = '';
  for (const [name, value] of params) text += value === null ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** A parameter that must be a token where it stands, as a tag. @throws SipSyntaxError */
export function tokenParam(params: Params, name: string, rule: string): string | undefined {
  const value = params.get(name);
  if (value === undefined) return undefined;
  if (value === null || !isToken(value)) throw new SipSyntaxError(`${rule}: "${name}" is not a token`);
  return value;
}
