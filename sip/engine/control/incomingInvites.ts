import type { Dialog } from '../dialogs/dialog.ts';
import { parseCSeq } from '../messages/cseq.ts';
import type { Application } from './application.ts';
import type { IncomingRequest } from './incomingRequest.ts';

/**
 * The INVITEs that each dialog came by and that are not over: not answered yet, or with a 2xx that waits for its ACK. There
 * are two of them where the second has overtaken the ACK of the first (RFC 5407 3.1.5).
 */
export class IncomingInvites {
  readonly #ofDialogs = new Map<Dialog<Application>, IncomingRequest[]>();
  readonly #held = new Map<Dialog<Application>, (() => void)[]>();

  add(dialog: Dialog<Application>, invite: IncomingRequest): void {
    const others = this.#ofDialogs.get(dialog);
    if (others) others.push(invite);
    else this.#ofDialogs.set(dialog, [invite]);
  }

  /** The one that came last. */
  last(dialog: Dialog<Application>): IncomingRequest | undefined {
    return this.#ofDialogs.get(dialog)?.at(-1);
  }

  /** The one with this CSeq number whose 2xx waits for its ACK. */
  accepted(dialog: Dialog<Application>, sequence: number): IncomingRequest | undefined {
    return this.#ofDialogs
      .get(dialog)
      ?.find(({ success, request }) => success && request.headers.first('cseq', parseCSeq)?.sequence === sequence);
  }

  /**
   * Keeps what may not leave before the ACK of each 2xx, until they have come or come no more.
   * @returns false where none is missing: it may leave at once
   */
  hold(dialog: Dialog<Application>, send: () => void): boolean {
    if (!this.#ofDialogs.get(dialog)?.some(({ success }) => success)) return false;
    const held = this.#held.get(dialog);
    if (held) held.push(send);
    else this.#held.set(dialog, [send]);
    return true;
  }

  /**
   * It was refused or acknowledged, or nobody acknowledges it.
   * @returns whether something was held that leaves now
   */
  remove(dialog: Dialog<Application>, invite: IncomingRequest): boolean {
    const left = this.#ofDialogs.get(dialog)?.filter((each) => each !== invite) ?? [];
    if (left.length > 0) this.#ofDialogs.set(dialog, left);
    else this.#ofDialogs.delete(dialog);
    dialog.offered = left.length > 0;
    return !left.some(({ success }) => success) && this.#release(dialog);
  }

  /** The dialog is over. What was held is tried now, and finds that. */
  take(dialog: Dialog<Application>): readonly IncomingRequest[] {
    const invites = this.#ofDialogs.get(dialog) ?? [];
    this.#ofDialogs.delete(dialog);
    this.#release(dialog);
    return invites;
  }

  /** Stops every timer. */
  close(): void {
    for (const invites of this.#ofDialogs.values()) for (const { success } of invites) success?.stop();
  }

  #release(dialog: Dialog<Application>): boolean {
    const held = this.#held.get(dialog);
    this.#held.delete(dialog);
    // When this message has been told: an application that hears of the end first answers a BYE as it should.
    for (const send of held ?? []) queueMicrotask(send);
    return held !== undefined;
  }
}
