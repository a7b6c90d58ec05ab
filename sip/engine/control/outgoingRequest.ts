import { randomUUID } from 'node:crypto';
import type { Dialog } from '../dialogs/dialog.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { serializeMessage } from '../messages/serialize.ts';
import type { ClientTransaction } from '../transactions/transactions.ts';
import { Unreachable, type Flow } from '../transports/flow.ts';
import type { Target } from '../transports/target.ts';
import type { Application } from './application.ts';
import { beginTransaction } from './clientTransaction.ts';
import { Forks } from './forks.ts';
import { nextWay, whenFound, type NextHop, type Way } from './nextHop.ts';
import type { Parts } from './parts.ts';
import type { CompletedRequest } from './requestCompletion.ts';

/** Hears how a request of ours fared. */
export interface OutgoingOwner {
  answered(outgoing: OutgoingRequest, response: SipResponse): void;
  failed(outgoing: OutgoingRequest, reason: 'timeout' | 'transport'): void;
  /** It goes to another target: what responses of the one before have begun is over. */
  movedOn(outgoing: OutgoingRequest): void;
}

/** What is to be sent, and for whom. */
export interface OutgoingParts {
  completed: CompletedRequest;
  way: Way;
  /** Undefined where nobody waits for the answer. */
  application?: Application | undefined;
  /** The dialog it is sent in. */
  inDialog?: Dialog<Application> | undefined;
  /** The same request for another flow, with a branch of its own; undefined where it goes one way alone. */
  again?: ((flow: Flow, sent: SipRequest) => CompletedRequest) | undefined;
  /** It is sent to refresh a session, and no application waits for it (RFC 4028). */
  refreshes?: boolean;
}

/**
 * A request that was sent for an application, under the id it was told; or on our own account. It goes to one target
 * after the other until one of them answers (RFC 3263 4.3); its owner hears of the last alone.
 */
export class OutgoingRequest {
  readonly id = randomUUID();
  readonly application: Application | undefined;
  readonly inDialog: Dialog<Application> | undefined;
  readonly refreshes: boolean;
  readonly forks: Forks;
  /** RSeq of the last reliable provisional response, by To tag; repetitions are not told again (RFC 3262 4). */
  readonly reliable = new Map<string, number>();
  /** Of the last response; 0 before any. */
  status = 0;
  /** It is to be cancelled as soon as anything was answered (RFC 3261 9.1). */
  cancel: SipRequest | undefined;
  cancelled = false;
  readonly #owner: OutgoingOwner;
  readonly #parts: Parts;
  readonly #again: OutgoingParts['again'];
  #completed: CompletedRequest;
  #flow: Flow;
  #rest: readonly Target[];
  /** The target has said something. */
  #heard = false;
  #transaction: ClientTransaction | undefined;

  constructor(sent: OutgoingParts, owner: OutgoingOwner, parts: Parts) {
    this.application = sent.application;
    this.inDialog = sent.inDialog;
    this.refreshes = sent.refreshes === true;
    this.#completed = sent.completed;
    this.#flow = sent.way.flow;
    this.#rest = sent.way.rest;
    this.#again = sent.again;
    this.#owner = owner;
    this.#parts = parts;
    this.forks = new Forks(parts.dialogs);
  }

  /** As it was sent to the target that it is with now. */
  get request(): SipRequest {
    return this.#completed.request;
  }

  get flow(): Flow {
    return this.#flow;
  }

  /** Whether its INVITE may be cancelled now: something was answered, and nothing finally (RFC 3261 9.1). */
  get proceeding(): boolean {
    return this.#transaction?.state === 'proceeding';
  }

  /** Begins its transaction. @param wire the request, where it is serialized already */
  start(wire?: Buffer): void {
    this.#transaction = beginTransaction(this.#parts, this.#completed, this.#flow, this, wire);
  }

  /** Waits no longer for its answer, and hears nothing of it any more. */
  forget(): void {
    this.#transaction?.expire();
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
    const tell = () => {
      this.#owner.answered(this, response);
    };
    this.#heard = true;
    if (response.status === 503) this.#moveOn(tell);
    else tell();
  }

  #failed(reason: 'timeout' | 'transport'): void {
    const fail = () => {
      this.#owner.failed(this, reason);
    };
    // Who has said something may be at it: nobody else is asked to do the same.
    if (this.#heard) fail();
    else this.#moveOn(fail);
  }

  /** To the next target that can be reached. @param otherwise where there is none, or it is wanted no more */
  #moveOn(otherwise: () => void): void {
    if (this.cancelled || this.#rest.length === 0 || !this.#again) {
      otherwise();
      return;
    }
    whenFound(nextWay(this.#parts, this.#rest, serializeMessage(this.request).length), (next) => {
      this.#moveTo(next, otherwise);
    });
  }

  #moveTo(next: NextHop, otherwise: () => void): void {
    if (next === 'self' || next instanceof Unreachable || this.cancelled || !this.#again) {
      otherwise();
      return;
    }
    this.#owner.movedOn(this);
    this.#completed = this.#again(next.flow, this.request);
    this.#flow = next.flow;
    this.#rest = next.rest;
    this.#heard = false;
    this.status = 0;
    this.reliable.clear();
    this.start();
  }
}
