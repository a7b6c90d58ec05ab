import type { TimerHandle } from '../clock.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import type { ClientTransaction } from '../transactions/transactions.ts';
import type { Flow } from '../transports/flow.ts';
import type { Target } from '../transports/target.ts';
import { beginTransaction } from './clientTransaction.ts';
import type { Way } from './nextHop.ts';
import type { Parts } from './parts.ts';
import { makeCancel, type CompletedRequest } from './requestCompletion.ts';

/** Hears what comes of a branch. */
export interface BranchOwner {
  /** A response other than 100. */
  branchAnswered(branch: Branch, response: SipResponse): void;
  /** It ended without a final response of the target. */
  branchFailed(branch: Branch, status: number, reason: string): void;
}

/** How long a target may take. */
export interface BranchTimeouts {
  /** Milliseconds until anything was answered. */
  provisional: number | undefined;
  /** Milliseconds until the final response. */
  final: number | undefined;
}

/** One target of a request that is forwarded: a client transaction and its times (RFC 3261 16.6, 16.8). */
export class Branch {
  readonly uri: string;
  readonly flow: Flow;
  /** The target's other addresses. */
  readonly rest: readonly Target[];
  readonly #completed: CompletedRequest;
  readonly #parts: Parts;
  readonly #owner: BranchOwner;
  #transaction: ClientTransaction | undefined;
  #over = false;
  #unserved = true;
  #cancelling = false;
  #cancelSent = false;
  #provisional: TimerHandle;
  #final: TimerHandle;
  /** Timer C in milliseconds, which begins anew with each provisional response. */
  #patience: number | undefined;

  constructor(uri: string, completed: CompletedRequest, way: Way, owner: BranchOwner, parts: Parts) {
    this.uri = uri;
    this.flow = way.flow;
    this.rest = way.rest;
    this.#completed = completed;
    this.#owner = owner;
    this.#parts = parts;
  }

  /** Whether it has its final response, or none will come. */
  get over(): boolean {
    return this.#over;
  }

  /** Whether the address did not even begin: it said nothing, or no more than 503 (RFC 3263 4.3). */
  get unserved(): boolean {
    return this.#unserved;
  }

  start(timeouts: BranchTimeouts): void {
    const { clock, timers } = this.#parts;
    if (timeouts.provisional !== undefined) this.#provisional = clock.start(timeouts.provisional, giveUp, this);
    if (timeouts.final !== undefined) this.#final = clock.start(timeouts.final, giveUp, this);
    else if (this.#completed.request.method === 'INVITE') this.#patience = timers.c;
    this.#beginTimerC();
    this.#transaction = beginTransaction(this.#parts, this.#completed, this.flow, this);
  }

  /** Takes an INVITE back, as soon as anything was answered (9.1); harmless when it is over. */
  cancel(): void {
    if (this.#over || this.#completed.request.method !== 'INVITE') return;
    this.#cancelling = true;
    if (this.#transaction?.state === 'proceeding') this.#sendCancel();
  }

  /** The target took too long: it counts as 408, and what it may still ring is taken back (16.8). */
  giveUp(): void {
    if (this.#over) return;
    this.cancel();
    this.#end();
    this.#owner.branchFailed(this, 408, 'Request Timeout');
  }

  stop(): void {
    this.#parts.clock.stop(this.#provisional);
    this.#parts.clock.stop(this.#final);
  }

  inviteAnswered(_: ClientTransaction, response: SipResponse): void {
    this.#answered(response);
  }

  requestAnswered(_: ClientTransaction, response: SipResponse): void {
    this.#answered(response);
  }

  inviteFailed(_: ClientTransaction, reason: 'timeout' | 'transport'): void {
    this.#failed(reason);
  }

  requestFailed(_: ClientTransaction, reason: 'timeout' | 'transport'): void {
    this.#failed(reason);
  }

  #answered(response: SipResponse): void {
    this.#parts.clock.stop(this.#provisional);
    if (response.status !== 503) this.#unserved = false;
    if (this.#cancelling) this.#sendCancel();
    // 16.7 step 2: who goes on ringing is waited for.
    if (response.status > 100 && response.status < 200) this.#beginTimerC();
    const late = this.#over && (response.status < 200 || response.status >= 300);
    if (response.status >= 200) this.#end();
    if (response.status > 100 && !late) this.#owner.branchAnswered(this, response);
  }

  #beginTimerC(): void {
    if (this.#patience === undefined || this.#over) return;
    const { clock } = this.#parts;
    clock.stop(this.#final);
    this.#final = clock.start(this.#patience, giveUp, this);
  }

  #failed(reason: 'timeout' | 'transport'): void {
    if (this.#over) return;
    this.#end();
    if (reason === 'timeout') this.#owner.branchFailed(this, 408, 'Request Timeout');
    else this.#owner.branchFailed(this, 503, 'Service Unavailable');
  }

  #sendCancel(): void {
    if (this.#cancelSent) return;
    this.#cancelSent = true;
    const cancel: SipRequest = makeCancel(this.#completed.request);
    this.#parts.transactions.request(this.#completed.branch, 'CANCEL', serializeMessage(cancel), this.flow, NOBODY);
    const { clock, timers } = this.#parts;
    clock.start(64 * timers.t1, cancelUnheard, this);
  }

  /** 9.1: the target says nothing to the CANCEL either. */
  cancelUnheard(): void {
    if (this.#transaction?.state === 'proceeding') this.#transaction.expire();
    if (this.#over) return;
    this.#end();
    this.#owner.branchFailed(this, 487, 'Request Terminated');
  }

  #end(): void {
    this.#over = true;
    this.stop();
  }
}

/** The answer to a CANCEL changes nothing. */
const NOBODY = {
  requestAnswered: () => undefined,
  requestFailed: () => undefined,
};

function cancelUnheard(branch: Branch): void {
  branch.cancelUnheard();
}

function giveUp(branch: Branch): void {
  branch.giveUp();
}
