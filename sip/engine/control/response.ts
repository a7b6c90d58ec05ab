import { withTag } from '../dialogs/dialog.ts';
import { SipHeaders } from '../messages/headers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** Also of a To that cannot be parsed: what was sent is answered all the same. */
const TAGGED = /;\s*tag\s*=/i;
const NO_BODY = Buffer.alloc(0);

/**
 * A response to a request with what must be repeated (RFC 3261 8.2.6.2): Via, From, To, Call-ID, CSeq; Record-Route
 * where a dialog may begin (12.1.1), Timestamp in a 100 (8.2.6.1).
 * @param tag ours, for a To that has none; 100 gets none
 */
export function respondTo(request: SipRequest, status: number, reason: string, tag?: string): SipResponse {
  const headers = new SipHeaders();
  const routes = status > 100 && status < 300;
  for (const field of request.headers.fields) {
    switch (field.key) {
      case 'via':
      case 'from':
      case 'call-id':
      case 'cseq':
        headers.share(field);
        break;
      case 'to':
        if (tag === undefined || TAGGED.test(field.value)) headers.share(field);
        else headers.add('To', withTag(field.value, tag));
        break;
      case 'record-route':
        if (routes) headers.share(field);
        break;
      case 'timestamp':
        if (status === 100) headers.share(field);
        break;
      default:
    }
  }
  return { kind: 'response', status, reason, headers, body: NO_BODY };
}
