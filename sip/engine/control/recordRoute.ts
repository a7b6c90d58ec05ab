import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SipRequest } from '../messages/message.ts';
import { parseRoute } from '../messages/nameAddr.ts';
import { parseUri, serializeUri, type SipUri, type Uri } from '../messages/uri.ts';

/**
 * The Record-Route entries of the proxy. Each carries a mark that only this engine can make for this Call-ID, so that
 * it forwards requests in dialogs that it has forwarded, and is nobody's open relay; nothing need be remembered.
 */
export class RecordRoutes {
  readonly #key = randomBytes(32);

  /**
   * The entry under which a peer reaches us.
   * @param sentBy host and port
   * @param scheme sips where the request goes on to a sips URI (16.6)
   */
  make(callId: string, sentBy: string, transport: string, scheme: 'sip' | 'sips'): string {
    const implied = scheme === 'sips' ? 'tls' : 'udp';
    const how = transport === implied ? '' : `;transport=${transport}`;
    return `<${scheme}:${this.#mark(callId)}@${sentBy}${how};lr>`;
  }

  /**
   * Takes off what led here (RFC 3261 16.4): our entry in the Request-URI, where a strict router put it, and from the
   * top of Route our entries and others that name us.
   * @param namesUs whether a URI names us without our mark
   * @returns the URI that a request in a dialog we stayed in goes on with; undefined for any other request
   */
  strip({ uri, headers }: SipRequest, namesUs: (uri: SipUri) => boolean): string | undefined {
    const callId = headers.get('call-id') ?? '';
    const routes = headers.all('route');
    const strict = routes.length > 0 && this.#isEntry(parseUri(uri), callId);
    const target = strict ? serializeUri(parseRoute(routes.pop() ?? '').uri) : uri;
    if (strict) headers.set('Route', routes);
    let ours = strict;
    for (;;) {
      const top = headers.first('route', parseRoute)?.uri;
      if (top?.scheme !== 'sip' && top?.scheme !== 'sips') break;
      const entry = this.#isEntry(top, callId);
      if (!entry && !namesUs(top)) break;
      headers.removeFirst('route');
      ours ||= entry;
    }
    return ours ? target : undefined;
  }

  #isEntry(uri: Uri, callId: string): boolean {
    return (uri.scheme === 'sip' || uri.scheme === 'sips') && this.#isMark(uri.user ?? '', callId);
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
