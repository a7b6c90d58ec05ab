import { readParams, type Params } from './params.ts';
import { Scanner } from './syntax.ts';

/** Content-Type (RFC 3261 20.15). */
export interface MediaType {
  /** Type and subtype in lower case, as `application/sdp`. */
  name: string;
  params: Params;
}

/** @throws SipSyntaxError */
export function parseMediaType(value: string): MediaType {
  const scanner = new Scanner(value, 'Content-Type (RFC 3261 20.15)');
  scanner.skipSpace();
  const type = scanner.token('the type');
  scanner.expect('/');
  const name = `${type}/${scanner.token('the subtype')}`.toLowerCase();
  return { name, params: readParams(scanner) };
}
