import type { SipHeaders } from './headers.ts';

/** RFC 3261 7.1. `uri` is the Request-URI as it was written; `parseUri` reads it. */
export interface SipRequest {
  kind: 'request';
  /** Case-sensitive, as all methods are (RFC 3261 7.1). */
  method: string;
  uri: string;
  headers: SipHeaders;
  /** Bytes; empty where there is none. */
  body: Buffer;
}

/** RFC 3261 7.2. */
export interface SipResponse {
  kind: 'response';
  /** 100 to 699. */
  status: number;
  /** May be empty. */
  reason: string;
  headers: SipHeaders;
  body: Buffer;
}

export type SipMessage = SipRequest | SipResponse;
