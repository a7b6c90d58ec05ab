import type { SipHeaders } from '../messages/headers.ts';
import { fromTag, toTag, type Dialog } from './dialog.ts';

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

function keyOf(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}|${localTag}|${remoteTag}`;
}
