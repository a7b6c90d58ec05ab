import { Acceptance } from '../dialogs/acceptance.ts';
import { toTag, type Dialog } from '../dialogs/dialog.ts';
import type { Dialogs } from '../dialogs/dialogs.ts';
import type { SipResponse } from '../messages/message.ts';
import type { Application } from './application.ts';

/** More phones than this ring for no call that is meant well. */
const MAX_FORKS = 32;

/**
 * The dialogs that responses to one request have begun: one each fork (RFC 3261 12.1.2). Above the limit nothing that is
 * provisional begins one; a 2xx takes the place of a fork that only rang.
 */
export class Forks {
  readonly #table: Dialogs<Application>;
  readonly #dialogs: Dialog<Application>[] = [];
  readonly #acceptances = new Map<Dialog<Application>, Acceptance>();

  constructor(table: Dialogs<Application>) {
    this.#table = table;
  }

  /** The dialog of a response, where it has one. */
  of({ headers }: SipResponse): Dialog<Application> | undefined {
    const tag = toTag(headers) ?? '';
    return this.#dialogs.find((each) => each.remoteTag === tag);
  }

  /** @returns false where there are too many, and none that would make way */
  makeRoomFor({ status }: SipResponse): boolean {
    if (this.#dialogs.length < MAX_FORKS) return true;
    if (status < 200) return false;
    const ringing = this.#dialogs.findIndex((each) => each.state !== 'confirmed' && !this.#acceptances.has(each));
    if (ringing === -1) return false;
    for (const dialog of this.#dialogs.splice(ringing, 1)) this.#table.remove(dialog);
    return true;
  }

  add(dialog: Dialog<Application>): void {
    this.#dialogs.push(dialog);
    this.#table.add(dialog);
  }

  /**
   * A 2xx to an INVITE came.
   * @returns undefined where it came before: then it is acknowledged as it was
   */
  accept(dialog: Dialog<Application>, sequence: number): Acceptance | undefined {
    const known = this.#acceptances.get(dialog);
    known?.repeat();
    if (known) return undefined;
    const acceptance = new Acceptance(sequence);
    this.#acceptances.set(dialog, acceptance);
    return acceptance;
  }

  /** This one has the call: the others are over. */
  keep(dialog: Dialog<Application>): void {
    for (const other of this.#dialogs) if (other !== dialog) this.#table.remove(other);
  }

  /** The request was refused, or goes elsewhere. */
  end(): void {
    for (const dialog of this.#dialogs.splice(0)) this.#table.remove(dialog);
  }
}
