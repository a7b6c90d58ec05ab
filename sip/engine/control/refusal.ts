import type { Dialog } from '../dialogs/dialog.ts';
import { newTag } from '../ids.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import type { Application } from './application.ts';
import { respondTo } from './response.ts';

const MAX_RETRY_SECONDS = 10;

/**
 * What a request in a dialog is refused with before its application hears of it; undefined where nothing is in its
 * way. It is asked before the dialog is told of the request.
 */
export function refusalInDialog(
  request: SipRequest,
  sequence: number,
  dialog: Dialog<Application>,
): SipResponse | undefined {
  // RFC 5057 4.1: its session is over.
  if (!dialog.takes(request.method)) return respondTo(request, 481, 'Call/Transaction Does Not Exist', newTag());
  // RFC 3261 12.2.2: it was overtaken.
  if (sequence < dialog.remoteSequence) return respondTo(request, 500, 'Server Internal Error', newTag());
  if (request.method === 'INVITE') {
    // RFC 3261 14.2, RFC 6141: theirs meets ours, or comes before its forerunner was answered.
    if (dialog.invitePending || dialog.offers.offerer === 'us')
      return respondTo(request, 491, 'Request Pending', newTag());
    if (dialog.offered || dialog.state === 'early') return later(request);
  }
  if (request.method === 'UPDATE') {
    // RFC 3311 5.2: the same of offers, and one UPDATE at a time.
    if (dialog.offers.updatePending) return later(request);
    if (request.body.length === 0) return undefined;
    if (dialog.offers.offerer === 'us') return respondTo(request, 491, 'Request Pending', newTag());
    if (dialog.offers.offerer === 'them') return later(request);
  }
  return undefined;
}

function later(request: SipRequest): SipResponse {
  const response = respondTo(request, 500, 'Server Internal Error', newTag());
  response.headers.add('Retry-After', String(1 + Math.floor(Math.random() * MAX_RETRY_SECONDS)));
  return response;
}
