import { newTag } from '../ids.ts';
import type { SipResponse } from '../messages/message.ts';
import type { OutgoingParts, OutgoingRequest } from './outgoingRequest.ts';
import type { Parts } from './parts.ts';
import type { PartialRequest } from './partialMessage.ts';
import { makeCancel, sentBranch } from './requestCompletion.ts';
import { respondTo } from './response.ts';

/** Who sends a CANCEL, and hears how its INVITE ended. */
export interface CancellationOwner {
  make(sent: OutgoingParts): OutgoingRequest;
  answered(outgoing: OutgoingRequest, response: SipResponse): void;
}

/** Takes INVITEs back (RFC 3261 9.1). */
export class Cancellations {
  readonly #parts: Parts;
  readonly #owner: CancellationOwner;

  constructor(parts: Parts, owner: CancellationOwner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  /** At once where something was answered, else as soon as it is. @returns the CANCEL */
  cancel(outgoing: OutgoingRequest, partial?: PartialRequest) {
    const cancel = makeCancel(outgoing.request, partial);
    outgoing.cancelled = true;
    outgoing.cancel = cancel;
    if (outgoing.proceeding) this.proceed(outgoing);
    return cancel;
  }

  /** Something was answered: a CANCEL that waited for it leaves. Harmless where none does. */
  proceed(outgoing: OutgoingRequest): void {
    const { cancel } = outgoing;
    if (!cancel) return;
    outgoing.cancel = undefined;
    const completed = { request: cancel, branch: sentBranch(cancel) };
    this.#owner.make({ completed, way: { flow: outgoing.flow, rest: [] } }).start();
    this.abandon(outgoing);
  }

  /** Waits for the final response no longer than 64*T1, asks nobody else, and makes do with a 487 of our own then. */
  abandon(outgoing: OutgoingRequest): void {
    outgoing.cancelled = true;
    const { clock, timers } = this.#parts;
    clock.start(64 * timers.t1, (late) => this.#unheard(late), outgoing);
  }

  #unheard(outgoing: OutgoingRequest): void {
    if (!outgoing.proceeding) return;
    outgoing.forget();
    this.#owner.answered(outgoing, respondTo(outgoing.request, 487, 'Request Terminated', newTag()));
  }
}
