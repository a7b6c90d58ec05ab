import { partialRequest, readStartLine, type Head, type Problem } from './head.ts';
import type { SipMessage, SipRequest } from './message.ts';
import { validate } from './validate.ts';

export interface ParseSuccess {
  ok: true;
  message: SipMessage;
  /** Oddities that were let pass; for the log. */
  warnings: string[];
}

export interface ParseFailure {
  ok: false;
  /** The status to answer with. */
  status: number;
  /** Its phrase, which names the problem (RFC 3261 21.4.1). */
  reason: string;
  /** The same in full, with the section of the rule that was broken. */
  why: string;
  /**
   * What is known of the request: as many header fields as could be told apart, malformed ones and
   * missing ones among them, and no body. Null where nothing may be answered: responses, ACK,
   * what has no Via, and what is no SIP.
   */
  request: SipRequest | null;
}

export type ParseResult = ParseSuccess | ParseFailure;

/** Makes a message of a head and its body, if it is one by the grammar and by the rules of RFC 3261. */
export function assemble(head: Head, body: Buffer, warnings: string[] = []): ParseResult {
  const start = readStartLine(head.startLine);
  if (!('kind' in start)) return failure(start, head);
  if (head.problem !== null) return failure(head.problem, head);
  const { headers } = head;
  let message: SipMessage;
  if (start.kind === 'request') {
    message = { kind: 'request', method: start.method, uri: start.uri, headers, body };
  } else {
    message = { kind: 'response', status: start.status, reason: start.reason, headers, body };
    if (start.warning !== null) warnings.push(start.warning);
  }
  const problem = validate(message, warnings);
  return problem === null ? { ok: true, message, warnings } : failure(problem, head);
}

export function failure(problem: Problem, head: Head | null): ParseFailure {
  return { ok: false, ...problem, request: head === null ? null : partialRequest(head) };
}
