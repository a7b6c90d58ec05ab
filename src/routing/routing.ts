/** What routing looks at: queues with their rules, those who wait, those who could answer. */

/** A queue of a contact centre. A TV belongs to the first queue, by `order`, whose rules all fit. */
export interface Queue {
  id: string;
  name: string;
  order: number;
  /** Patterns with an optional trailing `*`; `*` fits all, also what is not told. */
  operator: string;
  model: string;
  region: string;
  /** An agent belongs to the queue who has all of these. */
  skills: string[];
}

/** What matching knows of the TV and its user (seed 53). */
export interface TvFacts {
  operator: string | null;
  model: string;
  region: string | null;
  customerId: string | null;
  /** Name or id of the representative wanted. */
  wantedRepresentative: string | null;
}

/** What matching and offering know of an agent. */
export interface Candidate {
  agentId: string;
  name: string;
  skills: string[];
  customersLookedAfter: string[];
  connected: boolean;
  /** Connected, and neither away nor not answering; busy or not. Who is not ready is not waited for. */
  ready: boolean;
  /** Ready, and with room for one more. */
  free: boolean;
  /** Since when free; the longest free is asked first. Milliseconds since the epoch. */
  freeSince: number;
}

/** One who waits, as the order of the line needs it. */
export interface Waiting {
  interactionId: string;
  queueId: string;
  priority: number;
  arrivedAt: number;
  preferredAgentIds: string[];
  preferredUntil: number | null;
  declinedBy: string[];
  /** Those who declined are not asked again before; left out or null: at once. */
  askAgainAt?: number | null;
}
