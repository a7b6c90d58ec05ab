/** A dialog as a raw peer keeps it: who, to whom, by which way, and which number comes next. */
import { isIPv6 } from 'node:net';
import { cseqOf, header, headers, tagOf, targetOf, uriOf, type SipText } from './message.ts';
import { newBranch, random, replaced, withType, type Arrival, type Headers, type Peer } from './peer.ts';

export interface RequestText {
  headers?: Headers;
  /** SDP unless a Content-Type says otherwise. */
  body?: string;
  /** The Via's branch, a new one by default. */
  branch?: string;
}

export class Call {
  readonly peer: Peer;
  readonly callId: string;
  /** Number of the last request sent. */
  cseq: number;
  local: string;
  remote: string;
  target: string;
  routes: string[] = [];
  /** The INVITE (or SUBSCRIBE) that began it. */
  opening: SipText | undefined;

  private constructor(peer: Peer, callId: string, local: string, remote: string, target: string) {
    this.peer = peer;
    this.callId = callId;
    this.cseq = 0;
    this.local = local;
    this.remote = remote;
    this.target = target;
  }

  /** A call not begun yet: `to` is "bob", who is looked for at the server. */
  static to(peer: Peer, to: string): Call {
    const { port } = peer.server;
    const host = isIPv6(peer.server.host) ? `[${peer.server.host}]` : peer.server.host;
    const target = `sip:${to}@${host}:${port}`;
    return new Call(
      peer,
      `${random()}@${peer.user}`,
      `<sip:${peer.user}@${host}>;tag=${random()}`,
      `<${target}>`,
      target,
    );
  }

  /** Sends INVITE (or another first request) to `to`. */
  static async begin(peer: Peer, to: string, text: RequestText & { method?: string } = {}): Promise<Call> {
    const call = Call.to(peer, to);
    call.opening = await call.request(text.method ?? 'INVITE', text);
    return call;
  }

  /** The call that somebody else's INVITE or SUBSCRIBE begins; `respond` answers it. */
  static from(peer: Peer, opening: Arrival): Call {
    const call = new Call(
      peer,
      header(opening, 'call-id') ?? '',
      `${header(opening, 'to')};tag=${random()}`,
      header(opening, 'from') ?? '',
      uriOf(header(opening, 'contact')),
    );
    call.routes = headers(opening, 'record-route');
    call.opening = opening;
    return call;
  }

  /** A request as it would be sent, with the next number (an ACK or CANCEL keeps the number in `text`). */
  compose(method: string, text: RequestText = {}): SipText {
    const { body = '', branch = newBranch() } = text;
    const given: [string, string][] = [
      ['Via', this.peer.via(branch)],
      ['Max-Forwards', '70'],
      ...this.routes.map((route): [string, string] => ['Route', route]),
      ['From', this.local],
      ['To', this.remote],
      ['Call-ID', this.callId],
      ['CSeq', `${++this.cseq} ${method}`],
    ];
    if (!['ACK', 'BYE', 'CANCEL'].includes(method)) given.push(['Contact', this.peer.contact]);
    return {
      start: `${method} ${this.target} SIP/2.0`,
      headers: replaced(given, withType(text.headers ?? {}, body)),
      body: Buffer.from(body),
    };
  }

  async request(method: string, text: RequestText = {}): Promise<SipText> {
    return this.peer.say(this.compose(method, text));
  }

  /** The response to a request of this call, which moves the dialog on when it makes one (RFC 3261, 12.1.2). */
  async response(status: number, method = 'INVITE', within?: number): Promise<Arrival> {
    const response = await this.peer.next(
      (message) =>
        message.start.startsWith(`SIP/2.0 ${status} `) &&
        header(message, 'call-id') === this.callId &&
        cseqOf(message).method === method,
      within,
    );
    if (status > 100 && status < 300 && tagOf(header(response, 'to')) !== undefined) {
      this.remote = header(response, 'to') ?? this.remote;
      const contact = header(response, 'contact');
      if (contact !== undefined && ['INVITE', 'SUBSCRIBE'].includes(method)) {
        this.target = uriOf(contact);
        this.routes = headers(response, 'record-route').reverse();
      }
    }
    return response;
  }

  /** Acknowledges a 2xx: a transaction of its own (RFC 3261, 13.2.2.4). */
  async ack(response: SipText, body = ''): Promise<SipText> {
    const { number } = cseqOf(response);
    const before = this.cseq;
    const sent = await this.request('ACK', { headers: { CSeq: `${number} ACK` }, body });
    this.cseq = before;
    return sent;
  }

  /** Acknowledges a refusal within the INVITE's own transaction (RFC 3261, 17.1.1.3). */
  async ackRefusal(response: SipText): Promise<SipText> {
    return this.#alongside('ACK', response);
  }

  /** Takes back the INVITE within its own transaction (RFC 3261, 9.1). */
  async cancel(extra: Headers = {}): Promise<SipText> {
    return this.#alongside('CANCEL', undefined, extra);
  }

  /** Waits for the 200 and acknowledges it. */
  async answered(): Promise<Arrival> {
    const ok = await this.response(200);
    await this.ack(ok);
    return ok;
  }

  /** The next request in this dialog. */
  async hears(method: string, within?: number): Promise<Arrival> {
    return this.peer.next(
      (message) => message.start.startsWith(`${method} `) && header(message, 'call-id') === this.callId,
      within,
    );
  }

  /** Answers with the tag of this side. */
  async respond(request: Arrival, status: number, text: RequestText & { reason?: string } = {}): Promise<SipText> {
    return this.peer.respond(request, status, { ...text, tag: tagOf(this.local) ?? '' });
  }

  /** Hangs up and waits for the 200. */
  async bye(): Promise<Arrival> {
    await this.request('BYE');
    return this.response(200, 'BYE');
  }

  async #alongside(method: 'ACK' | 'CANCEL', response?: SipText, extra: Headers = {}): Promise<SipText> {
    const invite = this.opening as SipText;
    return this.peer.say({
      start: `${method} ${targetOf(invite)} SIP/2.0`,
      headers: replaced(
        [
          ['Via', headers(invite, 'via')[0] ?? ''],
          ['Max-Forwards', '70'],
          ...headers(invite, 'route').map((route): [string, string] => ['Route', route]),
          ['From', header(invite, 'from') ?? ''],
          ['To', header(response ?? invite, 'to') ?? ''],
          ['Call-ID', this.callId],
          ['CSeq', `${cseqOf(invite).number} ${method}`],
        ],
        extra,
      ),
      body: Buffer.alloc(0),
    });
  }
}
