import { parseCallId } from './callId.ts';
import { readParams, tokenParam, writeParams, type Params } from './params.ts';
import { Scanner } from './syntax.ts';

/** The dialog that a call takes the place of (RFC 3891 6.1). Tags are seen from the side that receives it. */
export interface Replaces {
  callId: string;
  toTag: string;
  fromTag: string;
  /** Only while that dialog is early. */
  earlyOnly: boolean;
}

const RULE = 'Replaces (RFC 3891 6.1)';

/** @throws SipSyntaxError */
export function parseReplaces(value: string): Replaces {
  const semicolon = value.indexOf(';');
  const scanner: Scanner = new Scanner(value, RULE, semicolon === -1 ? value.length : semicolon);
  const callId = parseCallId(value.slice(0, scanner.at).trim());
  const params = readParams(scanner);
  const toTag = tokenParam(params, 'to-tag', RULE);
  const fromTag = tokenParam(params, 'from-tag', RULE);
  if (toTag === undefined || fromTag === undefined) scanner.fail('to-tag and from-tag must both be there');
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}

export function serializeReplaces({ callId, toTag, fromTag, earlyOnly }: Replaces): string {
  const params: Params = new Map<string, string | null>([
    ['to-tag', toTag],
    ['from-tag', fromTag],
    ...(earlyOnly ? [['early-only', null] as const] : []),
  ]);
  return `${callId}${writeParams(params)}`;
}
