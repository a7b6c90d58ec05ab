import type { Dialog } from '../dialogs/dialog.ts';
import { SipHeaders } from '../messages/headers.ts';
import { serializeMessage } from '../messages/serialize.ts';
import { Unreachable } from '../transports/flow.ts';
import type { Application } from './application.ts';
import type { EndReason } from './callRecords.ts';
import { describe } from './describe.ts';
import { wayInDialog, whenFound } from './nextHop.ts';
import type { OutgoingParts, OutgoingRequest } from './outgoingRequest.ts';
import type { Parts } from './parts.ts';
import type { PartialRequest } from './partialMessage.ts';
import { completeInside } from './requestCompletion.ts';

/** Who sends a BYE, and lets go of its dialog. */
export interface ByeOwner {
  make(sent: OutgoingParts): OutgoingRequest;
  dialogEnded(dialog: Dialog<Application>): void;
}

/**
 * BYEs on our own account; the application is told of one as of one that nobody asked for. Of a fork that it never heard of
 * it hears nothing: the name that they share means the one that has the call.
 */
export class Byes {
  readonly #parts: Parts;
  readonly #owner: ByeOwner;

  constructor(parts: Parts, owner: ByeOwner) {
    this.#parts = parts;
    this.#owner = owner;
  }

  send(dialog: Dialog<Application>, text: string, reason: EndReason = 'ackTimeout'): void {
    const headers = new SipHeaders().add('Reason', `SIP ;cause=200 ;text="${text}"`);
    const partial: PartialRequest = { kind: 'request', method: 'BYE', uri: '', headers, body: Buffer.alloc(0) };
    const known = this.#parts.dialogs.byId(dialog.id) === dialog;
    this.#owner.dialogEnded(dialog);
    whenFound(wayInDialog(this.#parts, dialog, 0), (hop) => {
      const way = hop === 'self' || hop instanceof Unreachable ? { flow: dialog.flow, rest: [] } : hop;
      const bye = completeInside(partial, dialog, dialog.nextSequence(), this.#parts.transports, way.flow);
      const wire = serializeMessage(bye.request);
      this.#owner.make({ completed: bye, way }).start(wire);
      if (!known) return;
      this.#parts.records.stop('application', reason, wire);
      const told = describe('application', wire.length, way.flow, this.#parts.clock.now());
      dialog.owner.sendMessage(`sip|${told}|unsolicited|${dialog.id}|`, wire);
    });
  }
}
