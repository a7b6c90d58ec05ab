import { SipHeaders } from '../messages/headers.ts';
import type { SipRequest } from '../messages/message.ts';

const NO_BODY = Buffer.alloc(0);

/**
 * What is left of a request that has its final response. Its transaction lasts half a minute more, to answer the same
 * request again, and for that needs nothing of it: a flood's header fields would fill the memory.
 */
export function answeredRequest({ method }: SipRequest): SipRequest {
  return { kind: 'request', method, uri: '', headers: new SipHeaders(), body: NO_BODY };
}
