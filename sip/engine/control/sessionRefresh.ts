import type { Dialog } from '../dialogs/dialog.ts';
import { SipHeaders } from '../messages/headers.ts';
import type { SipResponse } from '../messages/message.ts';
import { Unreachable, type Flow } from '../transports/flow.ts';
import type { Application } from './application.ts';
import { wayInDialog, whenFound } from './nextHop.ts';
import type { OutgoingParts, OutgoingRequest } from './outgoingRequest.ts';
import type { Parts } from './parts.ts';
import type { PartialRequest } from './partialMessage.ts';
import { completeInside, OWN_HEADERS_BYTES } from './requestCompletion.ts';

/** Who sends what refreshes, and ends what cannot be refreshed. */
export interface SessionRefreshOwner {
  make(sent: OutgoingParts): OutgoingRequest;
  /** The other side knows of no session any more. */
  sessionLost(dialog: Dialog<Application>): void;
}

/** Refreshes sessions by UPDATE, or by INVITE where the peer takes none (RFC 4028 7.4); no application is told. */
export class SessionRefresh {
  readonly #parts: Parts;
  readonly #owner: SessionRefreshOwner;

  constructor(parts: Parts, owner: SessionRefreshOwner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** Sends the refresh, or waits while something else is under way. */
  refresh(dialog: Dialog<Application>): void {
    const { sessionTimers, timers, transports } = this.#parts;
    const timer = dialog.sessionTimer;
    if (!timer) return;
    if (dialog.invitePending || dialog.offered || dialog.offers.offerer || dialog.ending) {
      sessionTimers.postpone(dialog, timers.t2);
      return;
    }
    const body = timer.peerTakesUpdate ? Buffer.alloc(0) : timer.description;
    const method = timer.peerTakesUpdate ? 'UPDATE' : 'INVITE';
    const partial: PartialRequest = { kind: 'request', method, uri: '', headers: new SipHeaders(), body };
    sessionTimers.ask(timer, partial.headers);
    dialog.invitePending = method === 'INVITE';
    const sequence = dialog.nextSequence();
    whenFound(wayInDialog(this.#parts, dialog, OWN_HEADERS_BYTES + body.length), (hop) => {
      if (dialog.sessionEnded) return;
      const way = hop === 'self' || hop instanceof Unreachable ? { flow: dialog.flow, rest: [] } : hop;
      const again = (flow: Flow) => completeInside(partial, dialog, sequence, transports, flow);
      const completed = again(way.flow);
      dialog.offers.request('us', completed.request);
      sessionTimers.refreshing(dialog);
      this.#owner.make({ completed, way, inDialog: dialog, again, refreshes: true }).start();
    });
  }

  /** It was refused, or nobody answered (10). */
  refused({ inDialog: dialog }: OutgoingRequest, response: SipResponse): void {
    const timer = dialog?.sessionTimer;
    if (!timer) return;
    const next = this.#parts.sessionTimers.refused(timer, response);
    if (next === 'end') this.#owner.sessionLost(dialog);
    else if (next === 'again') this.refresh(dialog);
  }
}
