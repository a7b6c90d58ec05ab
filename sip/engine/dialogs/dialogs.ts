import type { SipHeaders } from '../messages/headers.ts';
import type { SipRequest } from '../messages/message.ts';
import { fromTag, toTag, type Dialog } from './dialog.ts';
import { endsSubscription } from './subscription.ts';

/** How long a dialog waits, its session over, for the last NOTIFY of a REFER: as long as any phone rings. */
const REFERRAL_MS = 300_000;

/** Every dialog, by its three parts and by drachtio's name. */
export class Dialogs<Owner> {
  readonly #byTags = new Map<string, Dialog<Owner>>();
  readonly #byId = new Map<string, Dialog<Owner>>();

  get size(): number {
    return this.#byTags.size;
  }

  /** Forks of a request share drachtio's name: it means the one that answered first, else the one that rang last. */
  add(dialog: Dialog<Owner>): void {
    this.#byTags.set(keyOf(dialog.callId, dialog.localTag, dialog.remoteTag), dialog);
    if (this.#byId.get(dialog.id)?.state !== 'confirmed') this.#byId.set(dialog.id, dialog);
  }

  /** The dialog becomes terminated; harmless when it was. */
  remove(dialog: Dialog<Owner>): void {
    dialog.state = 'terminated';
    const key = keyOf(dialog.callId, dialog.localTag, dialog.remoteTag);
    if (this.#byTags.get(key) === dialog) this.#byTags.delete(key);
    if (this.#byId.get(dialog.id) === dialog) this.#byId.delete(dialog.id);
  }

  /** The session is over; what is to be told of a REFER in it outlives it (RFC 5057 4.2). Harmless when it was. */
  endSession(dialog: Dialog<Owner>, now: number): void {
    if (dialog.usage === 'session' && dialog.referrals > 0 && dialog.state === 'confirmed') {
      dialog.usage = 'referral';
      dialog.expiresAt = now + REFERRAL_MS;
    } else if (dialog.usage !== 'referral') {
      this.remove(dialog);
    }
  }

  /** A NOTIFY was answered: the last one ends what it is about (RFC 6665 4.1.3). */
  notified(dialog: Dialog<Owner>, notify: SipRequest): void {
    if (!endsSubscription(notify)) return;
    if (dialog.usage !== 'subscription' && !isOfRefer(notify)) return;
    dialog.referrals--;
    if (dialog.usage === 'subscription' || (dialog.usage === 'referral' && dialog.referrals <= 0)) this.remove(dialog);
  }

  has(callId: string, localTag: string, remoteTag: string): boolean {
    return this.#byTags.has(keyOf(callId, localTag, remoteTag));
  }

  byId(id: string): Dialog<Owner> | undefined {
    return this.#byId.get(id);
  }

  /** The dialog that a request from the network belongs to (12.2.2). */
  ofRequest(headers: SipHeaders): Dialog<Owner> | undefined {
    const local = toTag(headers);
    if (local === undefined) return undefined;
    return this.#byTags.get(keyOf(headers.get('call-id') ?? '', local, fromTag(headers)));
  }

  /** The dialog that a response to a request of ours belongs to. */
  ofResponse(headers: SipHeaders): Dialog<Owner> | undefined {
    return this.#byTags.get(keyOf(headers.get('call-id') ?? '', fromTag(headers), toTag(headers) ?? ''));
  }

  /** Forgets the subscriptions that were not refreshed in time. */
  removeExpired(now: number): void {
    for (const dialog of this.#byTags.values()) if (dialog.expiresAt <= now) this.remove(dialog);
  }
}

function isOfRefer({ headers }: SipRequest): boolean {
  return /^\s*refer\b/i.test(headers.get('event') ?? '');
}

function keyOf(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}|${localTag}|${remoteTag}`;
}
