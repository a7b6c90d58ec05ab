import type { CSeq } from '../messages/cseq.ts';
import { transactionBranch, type Via } from '../messages/via.ts';
import type { SipRequest } from '../messages/message.ts';

/**
 * The key under which a request finds its server transaction (RFC 3261 17.2.3): branch, sent-by and method, where an
 * ACK looks for the INVITE. A client of RFC 2543 makes no unique branch: there it is what identifies the request.
 */
export function serverKey(request: SipRequest, via: Via, cseq: CSeq, method: string): string {
  const sentBy = `${via.host}:${String(via.port ?? '')}`;
  const branch = transactionBranch(via);
  if (branch !== undefined) return `${branch}|${sentBy}|${method}`;
  const { headers } = request;
  const old = via.params.get('branch') ?? '';
  return [request.uri, headers.get('call-id'), headers.get('from'), cseq.sequence, sentBy, old, method].join('|');
}

/** The key under which a response finds its client transaction (17.1.3). */
export function clientKey(branch: string, method: string): string {
  return `${branch}|${method}`;
}

/** What one request has in common with its copies that came another way (8.2.2.2). */
export function mergeKey(request: SipRequest, cseq: CSeq): string {
  return `${request.headers.get('call-id') ?? ''}|${request.headers.get('from') ?? ''}|${String(cseq.sequence)} ${cseq.method}`;
}
