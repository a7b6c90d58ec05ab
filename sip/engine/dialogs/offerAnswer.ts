import type { SipHeaders } from '../messages/headers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';

/** Which side of a dialog: the engine's, for its application, or the peer. */
export type Side = 'us' | 'them';

/** A session description that waits for its answer. */
interface Offer {
  by: Side;
  /** CSeq of the request that carried it, or whose response did: `2 UPDATE`. */
  cseq: string;
}

/**
 * Where the offer/answer exchange of a session stands (RFC 3264, the table of RFC 6337 2): one offer at a time, made
 *
 *     in INVITE, answered in a reliable 1xx or the 2xx        in UPDATE, answered in its 2xx
 *     in a reliable 1xx or the 2xx, answered in PRACK or ACK  in PRACK, answered in its 2xx
 *
 * and withdrawn where its request is refused. It reads no more of a body than what it calls itself.
 */
export class OfferAnswer {
  #open: Offer | undefined;
  /** CSeq of an INVITE that came without an offer, so that its response makes it. */
  #due: string | undefined;
  /** CSeq of an UPDATE of theirs that is not answered yet. */
  #update: string | undefined;

  /** Who waits for an answer; undefined while nobody does. */
  get offerer(): Side | undefined {
    return this.#open?.by;
  }

  /** Whether an UPDATE of theirs has no final response yet (RFC 3311 5.2). */
  get updatePending(): boolean {
    return this.#update !== undefined;
  }

  /** A request went by that was not refused at once. */
  request(by: Side, { method, headers, body }: SipRequest): void {
    const cseq = headers.get('cseq') ?? '';
    const described = describesSession(headers, body);
    switch (method) {
      case 'INVITE':
        if (described) this.#open = { by, cseq };
        else this.#due = cseq;
        return;
      case 'UPDATE':
        if (by === 'them') this.#update = cseq;
        if (described) this.#open ??= { by, cseq };
        return;
      case 'PRACK':
        if (!described) return;
        if (this.#open && this.#open.by !== by) this.#open = undefined;
        else this.#open ??= { by, cseq };
        return;
      case 'ACK':
        // Whatever it carries, nothing more will come of its INVITE; a later one may have overtaken it.
        if (this.#open && this.#open.by !== by && belongsTo(this.#open.cseq, cseq)) this.#open = undefined;
        return;
      default:
    }
  }

  /** A response to such a request went by. @param by who answered */
  response(by: Side, request: SipRequest, { status, headers, body }: SipResponse): void {
    const cseq = request.headers.get('cseq') ?? '';
    if (status >= 200 && this.#update === cseq) this.#update = undefined;
    const settles = status >= 200 || headers.has('rseq');
    if (!settles) return;
    if (this.#open?.cseq === cseq && this.#open.by !== by) {
      if (status >= 200 || describesSession(headers, body)) this.#open = undefined;
    } else if (status >= 300) {
      if (this.#open?.cseq === cseq) this.#open = undefined;
      if (this.#due === cseq) this.#due = undefined;
    } else if (this.#due === cseq && describesSession(headers, body)) {
      this.#due = undefined;
      this.#open ??= { by, cseq };
    }
  }
}

/** Whether a body is SDP, or has it among its parts (RFC 5621). */
function describesSession(headers: SipHeaders, body: Buffer): boolean {
  if (body.length === 0) return false;
  const type = headers.get('content-type')?.toLowerCase() ?? '';
  return type.startsWith('application/sdp') || (type.startsWith('multipart/') && body.includes('application/sdp'));
}

/** Whether an ACK belongs to the request that made an offer. */
function belongsTo(offer: string, ack: string): boolean {
  return offer.endsWith('INVITE') && Number.parseInt(offer, 10) === Number.parseInt(ack, 10);
}
