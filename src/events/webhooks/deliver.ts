/**
 * Events to a contact centre's own system (M8): in order within an interaction, at least once, and
 * without any interaction or endpoint waiting for another. The events table is the outbox, a cursor
 * says how far it was delivered, the queue says when to look, and a claim on the cursor says which of
 * several services on one database sends.
 */
import type { Clock, StoredEvent } from '../ports.ts';
import { CLOUD_EVENT_TYPE, testCloudEvent, toCloudEvent, type CloudEvent } from './cloudEvent.ts';
import { unmetered, type DeliveryMeter, type DeliveryOutcome, type ReceiverAnswer } from './meter.ts';
import {
  DeliveryError,
  type ClaimedDelivery,
  type Delivery,
  type DeliveryStore,
  type Outstanding,
  type WebhookClient,
} from './ports.ts';
import { readRetryAfter, waitBefore } from './retry.ts';
import { signedHeaders } from './signature.ts';

/** Deliveries under way to one endpoint, and to all endpoints of one centre: who hangs takes no more than these. */
const MOST_PER_ENDPOINT = 4;
const MOST_PER_CENTRE = 8;

/** Milliseconds after which a delivery that found no room looks again; about. */
const LATER_MS = 1000;

/**
 * Milliseconds that a claim counts, renewed three times as often while it is needed. So late are events at most
 * when the process that had them in hand is gone; one that stood still for longer may send one a second time.
 */
const CLAIM_MS = 6_000;

type Outcome = { answer: ReceiverAnswer } & (
  | { kind: 'delivered'; status: number }
  | { kind: 'gone' }
  | { kind: 'failed'; error: string; retryAfter: number | null }
);

export interface WebhookDeliverer {
  /**
   * Delivers all that is outstanding, one after the other also when it is asked for twice at once; failures of the
   * receiver are kept and retried, not thrown.
   */
  deliver(delivery: Delivery): Promise<void>;
  /** Ids of endpoints and centres that have as many deliveries under way as they may. */
  busy(): string[];
  /** From now on no event is begun; what is outstanding goes back to the queue. */
  close(): void;
  /** Posts a test event once. @returns what came of it, in words for the supervisor */
  test(endpoint: TestTarget): Promise<{ delivered: boolean; said: string }>;
}

interface TestTarget {
  centreId: string;
  endpointId: string;
  url: string;
  secrets: string[];
  /** Who tries it. */
  by: string;
}

export function createWebhookDeliverer(options: {
  store: DeliveryStore;
  client: WebhookClient;
  clock: Clock;
  newId: () => string;
  /** 0 to 1. */
  chance?: () => number;
  /** Milliseconds that a claim counts; a test waits less. */
  claimMs?: number;
  meter?: DeliveryMeter;
}): WebhookDeliverer {
  const { store, client, clock, newId, chance = Math.random, claimMs = CLAIM_MS, meter = unmetered } = options;
  let closing = false;
  const underWay = new Map<string, UnderWay>();
  const perEndpoint = new Tally(MOST_PER_ENDPOINT);
  const perCentre = new Tally(MOST_PER_CENTRE);

  async function post(target: { url: string; secrets: string[] }, event: CloudEvent): Promise<Outcome> {
    const body = JSON.stringify(event);
    const at = clock();
    const headers = {
      'content-type': CLOUD_EVENT_TYPE,
      ...signedHeaders(target.secrets, { id: event.id, at, payload: body }),
    };
    try {
      const { status, retryAfter } = await client.post({ url: target.url, headers, body });
      return outcomeOf(status, retryAfter, at);
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error;
      return { kind: 'failed', answer: 'none', error: error.message, retryAfter: null };
    }
  }

  /** @returns false when what follows has to wait, or is somebody else's */
  async function deliverOne(delivery: ClaimedDelivery, next: Outstanding, event: StoredEvent, tried: number) {
    if (next.eventTypes.length > 0 && !next.eventTypes.includes(event.event.type)) {
      return await store.delivered(delivery, event.seq, null);
    }
    const began = clock();
    const outcome = await post(next, toCloudEvent(event, { centreId: delivery.centreId, serial: next.serial }));
    const at = clock();
    const tell = (became: DeliveryOutcome) => meter.delivery(became, outcome.answer, Math.max(0, at - began));
    switch (outcome.kind) {
      case 'delivered':
        tell('delivered');
        meter.eventArrived(Math.max(0, at - event.at));
        return await store.delivered(delivery, event.seq, at);
      case 'gone':
        tell('disabled');
        await store.disable(delivery, 'The receiver answered 410: it wants no more events.', at);
        return false;
      case 'failed': {
        const attempts = tried + 1;
        const wait = waitBefore(attempts, outcome.retryAfter, chance());
        const nextTryAt = wait === null ? null : at + wait;
        tell(nextTryAt === null ? 'deadLettered' : 'retried');
        await store.failed(delivery, { attempts, error: outcome.error, at, nextTryAt });
        return false;
      }
    }
  }

  /**
   * Delivers until nothing is left or something has to wait.
   * @returns until when it waits, where nobody else queued that
   */
  async function deliverAll(delivery: ClaimedDelivery): Promise<number | null> {
    do {
      const now = clock();
      const next = await store.claim(delivery, claimMs, now);
      if (next === null || next === 'held') return null;
      let tried = next.attempts;
      for (const event of next.events) {
        if (closing) return clock();
        if (next.nextTryAt !== null && next.nextTryAt > now) return next.nextTryAt;
        if (!(await deliverOne(delivery, next, event, tried))) return null;
        tried = 0;
      }
    } while (!(await store.finish(delivery)));
    return null;
  }

  return {
    async deliver(delivery) {
      const key = `${delivery.endpointId}:${delivery.interactionId}`;
      const before = underWay.get(key);
      if (before !== undefined) return await before.askAgain();
      // Several jobs may be taken at once before anybody counts: those over the limit come back a little later.
      if (perEndpoint.isFull(delivery.endpointId) || perCentre.isFull(delivery.centreId)) {
        await store.postpone(delivery, clock() + LATER_MS * (0.5 + chance()));
        return;
      }
      const mine = new UnderWay();
      underWay.set(key, mine);
      perEndpoint.add(delivery.endpointId);
      perCentre.add(delivery.centreId);
      try {
        do {
          mine.asked = false;
          const claimed = { ...delivery, claim: newId() };
          let until: number | null = null;
          // When the database is away the claim runs out, and whoever has it then goes on.
          const renewing = setInterval(() => void store.renew(claimed, claimMs).catch(() => {}), claimMs / 3);
          try {
            until = await deliverAll(claimed);
          } finally {
            clearInterval(renewing);
            await store.release(claimed);
          }
          if (until !== null) await store.postpone(delivery, until);
        } while (mine.asked);
        mine.ended();
      } catch (error) {
        mine.cameToNothing(error);
        throw error;
      } finally {
        underWay.delete(key);
        perEndpoint.remove(delivery.endpointId);
        perCentre.remove(delivery.centreId);
      }
    },

    close() {
      closing = true;
    },

    busy: () => [...perEndpoint.full(), ...perCentre.full()],

    async test({ by, ...target }) {
      const outcome = await post(target, testCloudEvent({ id: newId(), at: clock(), by, ...target }));
      switch (outcome.kind) {
        case 'delivered':
          return { delivered: true, said: `The receiver answered ${outcome.status}.` };
        case 'gone':
          return { delivered: false, said: 'The receiver answered 410: it wants no more events.' };
        case 'failed':
          return { delivered: false, said: outcome.error };
      }
    },
  };
}

function outcomeOf(status: number, retryAfter: string | null, now: number): Outcome {
  const answer: ReceiverAnswer = (['1xx', '2xx', '3xx', '4xx', '5xx'] as const)[Math.trunc(status / 100) - 1] ?? 'none';
  if (answer === '2xx') return { kind: 'delivered', answer, status };
  if (status === 410) return { kind: 'gone', answer };
  if (status === 429 || status === 503) {
    return {
      kind: 'failed',
      answer,
      error: `The receiver answered ${status}: it is busy.`,
      retryAfter: readRetryAfter(retryAfter, now),
    };
  }
  const why =
    answer === '3xx'
      ? 'it points elsewhere, and redirects are not followed. Register the final address.'
      : status < 500
        ? 'it does not take this event.'
        : 'something is wrong on its side.';
  return { kind: 'failed', answer, error: `The receiver answered ${status}: ${why}`, retryAfter: null };
}

/**
 * A delivery that is being made. The queue may ask for it meanwhile, by a job for later news. The newest of those jobs
 * lasts until its news was told too: the job under way is not tried again by then, so where it comes to nothing, that
 * one is.
 */
class UnderWay {
  asked = false;
  #newest: PromiseWithResolvers<void> | null = null;

  /** Resolves when the news was told, or another job has come for later news; rejects when it was not told. */
  askAgain(): Promise<void> {
    this.ended();
    this.asked = true;
    this.#newest = Promise.withResolvers();
    return this.#newest.promise;
  }

  ended(): void {
    this.#newest?.resolve();
    this.#newest = null;
  }

  cameToNothing(error: unknown): void {
    this.#newest?.reject(error);
    this.#newest = null;
  }
}

/** How many are under way for each id. */
class Tally {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  add(id: string): void {
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1);
  }

  remove(id: string): void {
    const left = (this.#counts.get(id) ?? 0) - 1;
    if (left > 0) this.#counts.set(id, left);
    else this.#counts.delete(id);
  }

  isFull(id: string): boolean {
    return (this.#counts.get(id) ?? 0) >= this.#most;
  }

  full(): string[] {
    return [...this.#counts.keys()].filter((id) => this.isFull(id));
  }
}
