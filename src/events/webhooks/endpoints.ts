/** What supervisors set up and look after: a centre's endpoints, how deliveries stand, what is dead. */
import type { WebhookListed, WebhookTrouble } from '../../protocol/admin.ts';
import type { EventType } from '../../protocol/eventTypes.ts';

export interface EndpointWish {
  url: string;
  description: string;
  eventTypes: EventType[];
}

/** Who changes something: a name, and milliseconds since the epoch. */
interface Change {
  by: string;
  at: number;
}

export interface EndpointStore {
  /** In the order they were made. */
  list(centreId: string, now: number): Promise<WebhookListed[]>;
  /**
   * Also queues what is open.
   * @returns false when the centre has as many endpoints as it may have
   */
  insert(centreId: string, endpoint: EndpointWish & { id: string; secret: string }, change: Change): Promise<boolean>;
  /** @returns false when the centre has no such endpoint; so with all below */
  update(centreId: string, endpointId: string, wish: EndpointWish, change: Change): Promise<boolean>;
  disable(centreId: string, endpointId: string, reason: string, change: Change): Promise<boolean>;
  /** Also queues what happened while it was off. */
  enable(centreId: string, endpointId: string, change: Change): Promise<boolean>;
  /** The secret that stood counts until `oldUntil`. */
  rotate(centreId: string, endpointId: string, secret: string, oldUntil: number, change: Change): Promise<boolean>;
  /**
   * For good: nothing more is sent there, and what was not delivered is dropped.
   * @returns of how many interactions something was dropped; null when the centre has no such endpoint
   */
  remove(centreId: string, endpointId: string): Promise<number | null>;
  /** Where and with what to sign, for a test; null when the centre has no such endpoint. */
  target(centreId: string, endpointId: string, now: number): Promise<{ url: string; secrets: string[] } | null>;
  /** Dead ones first, then the latest; at most 100. Null when the centre has no such endpoint. */
  troubles(centreId: string, endpointId: string): Promise<WebhookTrouble[] | null>;
  /**
   * Starts deliveries anew from where they stopped.
   * @param interactionId null for all that are dead
   * @returns how many
   */
  replay(centreId: string, endpointId: string, interactionId: string | null, change: Change): Promise<number>;
}
