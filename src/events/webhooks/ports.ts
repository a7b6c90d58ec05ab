/** What delivering needs of others: db/ keeps the cursors, src/http/ speaks to receivers. */
import type { StoredEvent } from '../ports.ts';

/** One endpoint's view of one interaction: what is delivered in order, and apart from all others. */
export interface Delivery {
  centreId: string;
  endpointId: string;
  interactionId: string;
}

/** What stands next for a delivery. */
export interface Outstanding {
  url: string;
  /** All that count now, the newest first. */
  secrets: string[];
  /** Types of events that were asked for; empty for all. */
  eventTypes: string[];
  /** Of the TV. */
  serial: string;
  /** Tries made of the first of `events`. */
  attempts: number;
  /** Not before this; null for at once. */
  nextTryAt: number | null;
  /** After the cursor, in order, not all of them at once; empty when everything is delivered. */
  events: StoredEvent[];
}

/** A delivery in the hands of one deliverer: nobody else, in whichever process, sends it meanwhile. */
export interface ClaimedDelivery extends Delivery {
  /** Named anew at each claim, so that who lost one cannot write into the next. */
  claim: string;
}

export interface DeliveryStore {
  /**
   * Claims a delivery for `forMs`, or for as long again where the claim is ours, and reads what stands next.
   * @returns `held` when another has it: a look is queued for when that claim runs out. Null when nothing is to be
   *   done: the endpoint is off or gone, or the delivery is dead
   */
  claim(delivery: ClaimedDelivery, forMs: number, now: number): Promise<Outstanding | 'held' | null>;
  /** From now on the claim counts for as long again, if it is still ours. */
  renew(delivery: ClaimedDelivery, forMs: number): Promise<void>;
  /**
   * Moves the cursor to `seq`, never back.
   * @param at null when it was not asked for and was left out
   * @returns false when the claim is not ours any more
   */
  delivered(delivery: ClaimedDelivery, seq: number, at: number | null): Promise<boolean>;
  /**
   * Keeps what went wrong and, in the same transaction, gives the claim up and queues the next try; `nextTryAt` null
   * makes it dead. Whoever lost the claim has nothing to say.
   */
  failed(
    delivery: ClaimedDelivery,
    failure: { attempts: number; error: string; at: number; nextTryAt: number | null },
  ): Promise<void>;
  /** Gives the claim up, unless somebody was refused it meanwhile. @returns false then: there may be more to deliver */
  finish(delivery: ClaimedDelivery): Promise<boolean>;
  /** Gives the claim up, whatever is left. */
  release(delivery: ClaimedDelivery): Promise<void>;
  /** Queues a try at a later time without counting one. */
  postpone(delivery: Delivery, until: number): Promise<void>;
  /** The receiver wants no more. */
  disable(endpoint: { centreId: string; endpointId: string }, reason: string, at: number): Promise<void>;
}

export interface WebhookClient {
  /**
   * Posts a message once.
   * @returns the answer, whatever its status
   * @throws DeliveryError when there is none; its message is shown to supervisors
   */
  post(message: {
    url: string;
    headers: Record<string, string>;
    body: string;
  }): Promise<{ status: number; retryAfter: string | null }>;
}

/** No answer came, or none was asked for since the address is not one to speak to. */
export class DeliveryError extends Error {
  override name = 'DeliveryError';
}
