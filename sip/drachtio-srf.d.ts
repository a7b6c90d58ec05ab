/**
 * What drachtio-srf 5.0.29 does and its own typings do not say. The class `Srf` itself cannot be
 * added to from outside, so what its instances lack stands in `Application`:
 * `const srf = new Srf() as Srf.Application`.
 */
import type { EventEmitter } from 'node:events';
import type { ConnectionOptions } from 'node:tls';
import type Srf from 'drachtio-srf';

declare module 'drachtio-srf' {
  /** What a route's handler is given; without a call of `next` the request is the handler's to answer. */
  type Handler = (req: SrfRequest, res: SrfResponse, next: (error?: Error) => void) => void;

  /** Name and password for a digest challenge (401 or 407), MD5 only. */
  interface Credentials {
    username: string;
    password: string;
  }

  /** A request out of dialog: `srf.request('sip:bob@example.com', { method: 'MESSAGE', body: 'hello' })`. */
  interface RequestOptions {
    method: SipMethod;
    headers?: SipMessageHeaders;
    body?: string;
    /** Where it is sent instead of where its URI says: "sip:10.0.0.9;transport=tcp". */
    proxy?: string;
    /** Answers a challenge; the response that is then heard is the one to the second request. */
    auth?: Credentials;
  }

  /** A request in a dialog: its target, route, tags and number are the server's to fill in. */
  interface DialogRequestOptions {
    method: SipMethod;
    headers?: SipMessageHeaders;
    body?: string;
    auth?: Credentials;
  }

  /** A re-INVITE's answer of a peer that was asked for an offer: the ACK takes ours. */
  interface LateAnswer {
    sdp: string;
    ack(sdp: string): void;
  }

  /** A call out without an offer, answered with one: the ACK takes our answer, and then there is a dialog. */
  interface LateOffer {
    sdp: string;
    res: SrfResponse;
    ack(sdp: string): Promise<Dialog>;
    /** Acknowledges and hangs up. */
    destroy(): Promise<void>;
  }

  /** What is heard of a call before it is answered. */
  interface CallProgress {
    /** The INVITE as it was sent, or why it could not be. */
    cbRequest?: (error: Error | null, sent: SrfRequest) => void;
    /** Each provisional response. */
    cbProvisional?: (response: SrfResponse) => void;
  }

  /** How a proxied request ended. */
  interface ProxyResult {
    /** True when a target answered 200. */
    connected: boolean;
    finalStatus: number;
    responses: { address: string; port: number; msgs: { time: string; status: number; msg: SipMessage }[] }[];
  }

  interface SrfConfig {
    /** Speaks TLS to the server's control port. */
    tls?: ConnectionOptions;
    /** How a lost connection is taken up again; for ever and ever slower unless this says otherwise. */
    reconnect?: { retryMaxDelay?: number; maxAttempts?: number; connectTimeout?: number };
    /** Asks the server for a sign of life; needs a server that calls itself v0.8.2 or later. */
    enablePing?: boolean;
    /** Milliseconds between two pings, 5000 to 300000. */
    pingInterval?: number;
  }

  /** A connection to a server, whose requests it answers and through which it sends its own. */
  interface Application extends Srf {
    /** Takes every request of a method ("invite"), or all that other routes left. */
    use: ((method: string, ...handlers: Handler[]) => void) & Srf['use'];
    /** Takes every REGISTER; asking for a method is what makes the server hand it over. */
    register(...handlers: Handler[]): void;
    /** Takes every OPTIONS out of dialog. */
    options(...handlers: Handler[]): void;
    /** Takes every SUBSCRIBE out of dialog. */
    subscribe(...handlers: Handler[]): void;
    /** Takes every MESSAGE out of dialog. */
    message(...handlers: Handler[]): void;
    /** Takes every REFER out of dialog. */
    refer(...handlers: Handler[]): void;
    /** Takes every PUBLISH. */
    publish(...handlers: Handler[]): void;
    /** Takes every NOTIFY out of dialog. */
    notify(...handlers: Handler[]): void;
    /** Closes the connection a server opened for this one request; nothing where the application connects. */
    endSession(of: SrfRequest | SrfResponse): void;
    /** The dialog with this id, as `dialog.id` or `req.stackDialogId` say it. */
    findDialogById(id: string): Dialog | undefined;
    /** Calls somebody; resolves when the call is answered, rejects with a `SipError` when it is not. */
    createUAC: ((uri: string, options: CreateUACOptions, progress?: CallProgress) => Promise<Dialog>) &
      Srf['createUAC'];
    /** Sends a request out of dialog; resolves when it is on its way, its responses are heard on it. */
    request: ((uri: string, options: RequestOptions) => Promise<SrfRequest>) & Srf['request'];
    /** "udp/192.0.2.4:5060,tcp/192.0.2.4:5060": where the server can be reached, its version and its own addresses. */
    on: ((
      event: 'connect',
      listener: (error: Error | null, hostports: string, version: string | null, local: string | null) => void,
    ) => Srf) &
      ((event: 'reconnecting' | 'close' | 'listening', listener: (...about: unknown[]) => void) => Srf) &
      Srf['on'];
    /** True while nothing that was sent waits for a response. */
    readonly idle: boolean;
  }

  interface SrfRequest extends EventEmitter {
    /** "192.0.2.4:5060": the address of the server on which it came. */
    receivedOn?: string;
    /** "<Call-ID>;from-tag=<tag of the INVITE's From>"; empty out of dialog. */
    stackDialogId: string;
    /** The server's id of the transaction. */
    stackTxnId: string;
    /** Sends CANCEL for a request of the application, with headers such as Reason. */
    cancel(options: { headers: SipMessageHeaders }, done?: (error: Error | null) => void): void;
    /** What answers it. */
    res: SrfResponse;
    /** The peer changes the session before its INVITE, or ours, is answered (RFC 3311). */
    on(event: 'update', listener: (update: SrfRequest, res: SrfResponse) => void): this;
    /** Forwards the request, to its own URI by default; resolves when a final response was forwarded back. */
    proxy(options: ProxyRequestOptions & { destination?: string | string[] }): Promise<ProxyResult>;
  }

  interface SrfResponse {
    /** Answers without a reason of one's own; `sent` is told what went out, `acknowledged` the ACK or PRACK. */
    send(
      status: number,
      options: { headers?: SipMessageHeaders; body?: string },
      sent?: ((error: unknown, message: SipMessage) => void) | null,
      acknowledged?: (ack: SrfRequest) => void,
    ): void;
    /** The request that it answers. */
    req: SrfRequest;
  }

  interface CreateUASOptions {
    /** Of a dialog without a session, as SUBSCRIBE makes. */
    body?: string;
  }

  interface CreateUACOptions {
    /** INVITE unless this says SUBSCRIBE. */
    method?: 'INVITE' | 'SUBSCRIBE';
    /** The user of From and Contact, at the server's own address. */
    callingNumber?: string;
    callingName?: string;
    /** Goes where a 3xx points, four times at most. */
    followRedirects?: boolean;
    /** With `followRedirects`: keeps the request's URI and goes through the new address. */
    keepUriOnRedirect?: boolean;
  }

  interface CreateB2BUAOptions {
    callingNumber?: string;
    callingName?: string;
    calledNumber?: string;
  }

  interface Dialog {
    /** "<Call-ID>;from-tag=<tag of the INVITE's From>". */
    readonly id: string;
    /** Until BYE was sent or received. */
    readonly connected: boolean;
    /** What made the dialog. */
    readonly dialogType: 'INVITE' | 'SUBSCRIBE';
    /** The response that made the dialog. */
    res: SrfResponse;
    /** Hangs up, or ends the subscription; resolves with the request that was sent, when it is answered. */
    destroy(options?: { headers: SipMessageHeaders }): Promise<SrfRequest>;
    /** Sends a request in the dialog; resolves with its response. The shorthands `info`, `notify` … throw. */
    request(options: DialogRequestOptions): Promise<SrfResponse>;
    /** The peer hung up (its BYE and why), or the server did, whose BYE has the source "application". */
    on(event: 'destroy', listener: (bye: SrfRequest, reason: string) => void): this;
    /** The peer put the call on hold or took it back; the 200 has been sent. */
    on(event: 'hold' | 'unhold', listener: (invite: SrfRequest) => void): this;
    /** The peer ends its subscription; 202 has been sent. */
    on(event: 'unsubscribe', listener: (subscribe: SrfRequest) => void): this;
    /** The peer refreshes its subscription. */
    on(event: 'subscribe', listener: (subscribe: SrfRequest, res: SrfResponse) => void): this;
  }

  /** What the promises of drachtio-srf reject with when the peer refused. */
  class SipError extends Error {
    status: number;
    reason: string;
    res?: SrfResponse;
  }
}
