import { isToken, readInteger, SipSyntaxError } from './syntax.ts';

/** Which reliable provisional response a PRACK acknowledges (RFC 3262 7.2). */
export interface RAck {
  rseq: number;
  /** Of the CSeq of the response. */
  sequence: number;
  method: string;
}

const LARGEST = 2 ** 32 - 1;

/** @throws SipSyntaxError */
export function parseRAck(value: string): RAck {
  const [rseq, sequence, method, ...rest] = value.split(/[ \t]+/);
  const numbers = [readInteger(rseq ?? '', LARGEST), readInteger(sequence ?? '', LARGEST)] as const;
  if (numbers[0] === null || numbers[1] === null || method === undefined || !isToken(method) || rest.length > 0) {
    throw new SipSyntaxError('RAck is not two numbers and a method (RFC 3262 7.2)');
  }
  return { rseq: numbers[0], sequence: numbers[1], method };
}

export function serializeRAck({ rseq, sequence, method }: RAck): string {
  return `${rseq} ${sequence} ${method}`;
}

/** RSeq (RFC 3262 7.1), 1 to 2^32-1. @throws SipSyntaxError */
export function parseRSeq(value: string): number {
  const rseq = readInteger(value, LARGEST);
  if (rseq === null || rseq === 0) throw new SipSyntaxError('RSeq is not a number from 1 to 2^32-1 (RFC 3262 7.1)');
  return rseq;
}
