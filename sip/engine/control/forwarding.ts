import { newTag } from '../ids.ts';
import { parseContact } from '../messages/contact.ts';
import type { SipHeaders } from '../messages/headers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import { serializeUri } from '../messages/uri.ts';
import type { ServerTransaction } from '../transactions/transactions.ts';
import { isSecure, Unreachable, type Flow } from '../transports/flow.ts';
import { Branch, type BranchOwner, type BranchTimeouts } from './branch.ts';
import { forwardedBytes, forwardRequest, forwardResponse } from './forwardedRequest.ts';
import { nextWay, wayToUri, whenFound, type NextHop } from './nextHop.ts';
import type { Parts } from './parts.ts';
import type { RecordRoutes } from './recordRoute.ts';
import { respondTo } from './response.ts';

/** A sips URI, or a Route of one. */
const SIPS = /^(?:[^<]*<)?sips:/i;

/** Redirections that are followed for one request, so that two that point at each other end. */
const MAX_TARGETS = 20;

const CHALLENGES = ['WWW-Authenticate', 'Proxy-Authenticate'];

export interface ForwardingOptions extends BranchTimeouts {
  destinations: readonly string[];
  recordRoute: boolean;
  followRedirects: boolean;
  simultaneous: boolean;
  /** Headers that the application sets. */
  headers?: SipHeaders | undefined;
}

/** Hears what comes of a request that is forwarded. */
export interface ForwardingObserver {
  /** The request leaves for a target. */
  targetTried(request: SipRequest): void;
  /** A response of a target, 100 excepted. */
  targetAnswered(response: SipResponse, flow: Flow): void;
  /** A target gave no final response: what counts as one. */
  targetFailed(response: SipResponse): void;
  /** The client has its final response, the first where there are several. */
  forwardingEnded(forwarding: Forwarding, response: SipResponse): void;
}

/**
 * A request on its way through the proxy (RFC 3261 16): one branch a target, one after the other or all at once, and
 * of their responses what the client is to get.
 */
export class Forwarding implements BranchOwner {
  readonly transaction: ServerTransaction;
  readonly #options: ForwardingOptions;
  readonly #observer: ForwardingObserver;
  readonly #parts: Parts;
  readonly #recordRoutes: RecordRoutes;
  readonly #branches: Branch[] = [];
  readonly #waiting: string[];
  readonly #bytes: number;
  /** Responses of our own, which have no Via of ours. */
  readonly #made = new WeakSet<SipResponse>();
  #opening = 0;
  #tried = 0;
  #best: SipResponse | undefined;
  readonly #challenges: SipResponse[] = [];
  #answered = false;
  #cancelled = false;

  constructor(
    transaction: ServerTransaction,
    options: ForwardingOptions,
    observer: ForwardingObserver,
    parts: Parts,
    recordRoutes: RecordRoutes,
  ) {
    this.transaction = transaction;
    this.#options = options;
    this.#observer = observer;
    this.#parts = parts;
    this.#recordRoutes = recordRoutes;
    this.#waiting = [...options.destinations];
    this.#bytes = forwardedBytes(transaction.request, options.headers);
  }

  /** What leads to us under a name has served (16.4); then the targets. */
  start(): void {
    const { headers } = this.transaction.request;
    const route = headers.get('route');
    if (route === undefined) {
      this.#proceed();
      return;
    }
    this.#opening++;
    whenFound(wayToUri(this.#parts, route, this.#bytes), (hop) => {
      this.#opening--;
      if (hop !== 'self') {
        this.#proceed();
        return;
      }
      headers.removeFirst('route');
      this.start();
    });
  }

  /** The client took the INVITE back: whoever rings is told (16.10). */
  cancel(): void {
    this.#cancelled = true;
    this.#waiting.length = 0;
    for (const branch of this.#branches) branch.cancel();
    this.#proceed();
  }

  /** Forgets everything. */
  stop(): void {
    for (const branch of this.#branches) branch.stop();
  }

  branchAnswered(branch: Branch, response: SipResponse): void {
    this.#observer.targetAnswered(response, branch.flow);
    const { status } = response;
    if (status < 200) {
      if (!this.#answered) this.#pass(response);
    } else if (status < 300) {
      // 16.7: every 2xx goes back at once, also one that comes again or from another fork.
      this.#conclude(this.#pass(response));
      for (const other of this.#branches) if (other !== branch) other.cancel();
    } else if (status === 503 && this.#retry(branch)) {
      // The next address of the same target has it now.
    } else if (this.#options.followRedirects && status < 400 && this.#follow(response)) {
      this.#proceed();
    } else {
      this.#refused(response);
    }
  }

  branchFailed(branch: Branch, status: number, reason: string): void {
    const response = this.#own(status, reason);
    this.#observer.targetFailed(response);
    if (!this.#retry(branch)) this.#refused(response);
  }

  #refused(response: SipResponse): void {
    if (isChallenge(response)) this.#challenges.push(response);
    if (!this.#best || rank(response.status) < rank(this.#best.status)) this.#best = response;
    if (response.status >= 600) {
      // 16.7: nobody else is asked any more.
      this.#waiting.length = 0;
      for (const branch of this.#branches) branch.cancel();
    }
    this.#proceed();
  }

  /** The next target, or all of them; the best refusal when none is left. */
  #proceed(): void {
    if (this.#answered) return;
    while (this.#waiting.length > 0 && (this.#options.simultaneous || !this.#busy())) {
      const next = this.#waiting.shift();
      if (next !== undefined) this.#open(next);
    }
    if (this.#answered || this.#busy() || this.#waiting.length > 0) return;
    const [status, reason] = this.#cancelled ? [487, 'Request Terminated'] : [408, 'Request Timeout'];
    const best = this.#best ?? this.#own(status, reason);
    // 16.7 step 6: what overloads one server is no reason to avoid us.
    const fit = best.status === 503 ? this.#own(500, 'Server Internal Error') : this.#challenged(best);
    this.#conclude(this.#pass(fit));
  }

  #busy(): boolean {
    return this.#opening > 0 || this.#branches.some((branch) => !branch.over);
  }

  #open(uri: string): void {
    this.#tried++;
    const { request } = this.transaction;
    this.#whenFound(uri, wayToUri(this.#parts, request.headers.get('route') ?? uri, this.#bytes));
  }

  /** 16.6 step 7: the next address of the same target, where the one before did not serve. */
  #retry({ uri, rest, unserved }: Branch): boolean {
    if (this.#answered || this.#cancelled || !unserved || rest.length === 0) return false;
    this.#whenFound(uri, nextWay(this.#parts, rest, this.#bytes));
    return true;
  }

  #whenFound(uri: string, found: NextHop | Promise<NextHop>): void {
    if (!(found instanceof Promise)) {
      this.#launch(uri, found);
      return;
    }
    this.#opening++;
    void found.then((hop) => {
      this.#opening--;
      if (this.#cancelled || this.#answered) this.#proceed();
      else this.#launch(uri, hop);
    });
  }

  #launch(uri: string, hop: NextHop): void {
    if (hop === 'self' || hop instanceof Unreachable) {
      const refusal = hop === 'self' ? this.#own(482, 'Loop Detected') : this.#own(503, hop.reason);
      if (!this.#best || rank(refusal.status) < rank(this.#best.status)) this.#best = refusal;
      this.#proceed();
      return;
    }
    const { flow } = hop;
    const { request } = this.transaction;
    const options = { uri, headers: this.#options.headers, recordRoutes: this.#entries(uri, flow) };
    const completed = forwardRequest(request, options, this.#parts.transports, flow);
    const branch = new Branch(uri, completed, hop, this, this.#parts);
    this.#branches.push(branch);
    this.#observer.targetTried(completed.request);
    branch.start(this.#options);
  }

  /**
   * One entry, or one for each side where they speak different transports (RFC 5658 3.1). Towards a sips URI it is one
   * itself (16.6 step 4), and so none is of a side without TLS.
   */
  #entries(uri: string, flow: Flow): string[] {
    if (!this.#options.recordRoute) return [];
    const { flow: from, request } = this.transaction;
    const callId = request.headers.get('call-id') ?? '';
    const scheme = [uri, request.headers.get('route') ?? ''].some((each) => SIPS.test(each)) ? 'sips' : 'sip';
    const alike = from.protocol === flow.protocol || (scheme === 'sips' && !isSecure(from.protocol));
    return (alike ? [flow] : [from, flow]).map((side) =>
      this.#recordRoutes.make(callId, this.#parts.transports.sentBy(side), side.protocol, scheme),
    );
  }

  #follow(response: SipResponse): boolean {
    if (this.#tried + this.#waiting.length >= MAX_TARGETS || this.#cancelled) return false;
    const uris: string[] = [];
    for (const contact of response.headers.readAll('contact', parseContact)) {
      if (contact !== '*' && (contact.uri.scheme === 'sip' || contact.uri.scheme === 'sips')) {
        uris.push(serializeUri(contact.uri));
      }
    }
    this.#waiting.unshift(...uris);
    return uris.length > 0;
  }

  /** 16.7 step 7: who is challenged hears of every challenge, and can answer them all at once. */
  #challenged(best: SipResponse): SipResponse {
    if (!isChallenge(best)) return best;
    const headers = best.headers.clone();
    for (const other of this.#challenges) {
      if (other === best) continue;
      for (const name of CHALLENGES) for (const value of other.headers.all(name)) headers.add(name, value);
    }
    return { ...best, headers };
  }

  /** @returns what the client gets */
  #pass(response: SipResponse): SipResponse {
    const back = this.#made.has(response) ? response : forwardResponse(response);
    this.transaction.respond(back.status, serializeMessage(back));
    return back;
  }

  /** A response of ours; it goes back as it is. */
  #own(status: number, reason: string): SipResponse {
    const response = respondTo(this.transaction.request, status, reason, newTag());
    this.#made.add(response);
    return response;
  }

  #conclude(response: SipResponse): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#observer.forwardingEnded(this, response);
  }
}

/** Whether the client may ask again and prove who it is (22). */
export function isChallenge({ status }: SipResponse): boolean {
  return status === 401 || status === 407;
}

/** What is preferred among refusals (16.7 step 6): 6xx, then the lowest class; in a class what helps to try again. */
function rank(status: number): number {
  if (status >= 600) return 0;
  const helpful = status === 401 || status === 407 || status === 415 || status === 420 || status === 484;
  return Math.floor(status / 100) * 1000 + (helpful ? 0 : 500) + (status === 408 || status === 503 ? 400 : 0);
}
