import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseRoute } from '../messages/nameAddr.ts';
import type { SipHeaders } from '../messages/headers.ts';

/**
 * The Record-Route entries of the proxy. Each carries a mark that only this engine can make for this Call-ID, so that
 * it forwards requests in dialogs that it has forwarded, and is nobody's open relay; nothing need be remembered.
 */
export class RecordRoutes {
  readonly #key = randomBytes(32);

  /** The entry under which a peer reaches us. @param sentBy host and port */
  make(callId: string, sentBy: string, transport: string): string {
    const how = transport === 'udp' ? '' : `;transport=${transport}`;
    return `<sip:${this.#mark(callId)}@${sentBy}${how};lr>`;
  }

  /** Takes our entries off the top of Route (RFC 3261 16.4). @returns whether there was one of ours */
  strip(headers: SipHeaders): boolean {
    let ours = false;
    for (;;) {
      const top = headers.first('route', parseRoute);
      if (!top || (top.uri.scheme !== 'sip' && top.uri.scheme !== 'sips')) return ours;
      if (!this.#isMark(top.uri.user ?? '', headers.get('call-id') ?? '')) return ours;
      headers.removeFirst('route');
      ours = true;
    }
  }

  #mark(callId: string): string {
    return createHmac('sha256', this.#key).update(callId).digest('hex').slice(0, 32);
  }

  #isMark(user: string, callId: string): boolean {
    const mark = Buffer.from(this.#mark(callId));
    const given = Buffer.from(user);
    return given.length === mark.length && timingSafeEqual(given, mark);
  }
}
