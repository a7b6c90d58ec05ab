import { ReliableProvisionals } from '../dialogs/reliableProvisionals.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import type { IncomingRequest } from './incomingRequest.ts';
import type { Parts } from './parts.ts';

/** Provisional responses that the client confirms by PRACK, and the 2xx that waits for them (RFC 3262 3). */
export class ReliableResponses {
  readonly #parts: Parts;
  readonly #neverPracked: (incoming: IncomingRequest) => void;

  /** @param neverPracked the INVITE is to be refused, for its client does not confirm */
  constructor(parts: Parts, neverPracked: (incoming: IncomingRequest) => void) {
    this.#parts = parts;
    this.#neverPracked = neverPracked;
  }

  /** Sends it with its RSeq, or after the one before it was confirmed. */
  send(incoming: IncomingRequest, response: SipResponse): Buffer {
    const { transaction } = incoming;
    incoming.reliable ??= new ReliableProvisionals(
      {
        sendProvisional: (wire) => {
          transaction.respond(response.status, wire);
        },
        neverPracked: () => {
          this.#neverPracked(incoming);
        },
      },
      1 + Math.floor(Math.random() * 2 ** 30),
      this.#parts.clock,
      this.#parts.timers,
    );
    const rseq = incoming.reliable.take();
    response.headers.set('RSeq', String(rseq));
    incoming.dialog?.offers.response('us', incoming.request, response);
    const wire = serializeMessage(response);
    incoming.status = response.status;
    incoming.reliable.send(rseq, wire, response.body.length > 0);
    return wire;
  }

  /** Whether a PRACK confirms what waits for it; else it is 481. */
  confirms(prack: SipRequest, invite: IncomingRequest | undefined): boolean {
    return invite?.reliable?.confirm(prack, invite.request) ?? false;
  }

  /** Whether a response must wait for a PRACK: no 2xx overtakes what describes its session. @param send sends it then */
  holds(incoming: IncomingRequest, status: number, send: () => void): boolean {
    if (status < 200 || status >= 300 || !incoming.reliable?.describing) return false;
    incoming.held = send;
    return true;
  }

  /** What waited need wait no longer: it goes, or cannot go any more. Harmless where nothing waited. */
  release(invite: IncomingRequest | undefined): void {
    if (!invite?.held) return;
    const { held } = invite;
    invite.held = undefined;
    held();
  }
}
