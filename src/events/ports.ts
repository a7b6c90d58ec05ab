/** What the event handling component needs of others; db/ and src/realtime/ stand behind these, chosen in main.ts. */
import type { Agent } from '../agent/agent.ts';
import type { Catalogue } from '../diagnosis/diagnosis.ts';
import type { ServiceCommand } from '../interaction/command.ts';
import type { InteractionEvent } from '../interaction/event.ts';
import type { TvSummary } from '../interaction/facts.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { Candidate, Queue, TvFacts, Waiting } from '../routing/routing.ts';

export interface Versioned<T> {
  value: T;
  version: number;
}

/** An event as it is kept: `seq` counts 1, 2, 3 … within its interaction. */
export interface StoredEvent {
  interactionId: string;
  seq: number;
  at: number;
  event: InteractionEvent;
}

/** Somebody else wrote first; the whole unit of work is tried again. */
export class ConflictError extends Error {
  override name = 'ConflictError';
}

/** A timer as it is queued: said again at least once, at `at` or a little later. */
export type Timer =
  | {
      centreId: string;
      key: string;
      at: number;
      say: { to: 'interaction'; interactionId: string; command: ServiceCommand };
    }
  | {
      centreId: string;
      key: string;
      at: number;
      say: { to: 'agent'; agentId: string; command: { type: 'graceExpired' } };
    };

/**
 * One transaction's view of the store. Every call may throw ConflictError. Whatever a unit of work reads, it
 * reads through this: a second connection beside the one it holds could wait for itself.
 */
export interface Transaction {
  /**
   * Notes a sender's command as taken.
   * @returns null when it is new; what was answered when it was taken before
   */
  take(senderId: string, commandId: string): Promise<{ interactionId: string | null } | null>;
  /** Notes what a taken command opened. */
  answer(senderId: string, commandId: string, interactionId: string): Promise<void>;
  interaction(centreId: string, interactionId: string): Promise<Versioned<Interaction> | null>;
  /** The id of what is open for a TV. */
  openInteractionOf(centreId: string, tvId: string): Promise<string | null>;
  agent(centreId: string, agentId: string): Promise<Versioned<Agent> | null>;
  /** Makes the changes of one unit of work at once: snapshots under their versions, events, timers. */
  save(changes: Changes): Promise<void>;
  /** From here to the end of the transaction nobody else offers in this centre. */
  lockLine(centreId: string): Promise<void>;
  queues(centreId: string): Promise<Queue[]>;
  /** All that are queued, in any order. */
  waiting(centreId: string): Promise<Waiting[]>;
  candidates(centreId: string): Promise<Candidate[]>;
  /** The TV as an interaction remembers it, and as matching sees it; null when the centre has none of this id. */
  tv(centreId: string, tvId: string): Promise<{ summary: TvSummary; facts: TvFacts } | null>;
  /** The catalogue that stands. */
  catalogue(centreId: string): Promise<Catalogue>;
}

export interface Changes {
  /** `version` is the one that was loaded, 0 for a new one; `events` carry on from there. */
  interactions: { next: Interaction; version: number; events: StoredEvent[] }[];
  agents: { next: Agent; version: number }[];
  setTimers: Timer[];
  cancelTimers: string[];
}

export interface Store {
  /** Runs `work` in one transaction; what it throws rolls back. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** Events after `seq`, in order; empty when the interaction is not of this centre. */
  eventsAfter(centreId: string, interactionId: string, seq: number): Promise<StoredEvent[]>;
  openInteractionOf(centreId: string, tvId: string): Promise<string | null>;
  /** Whose interaction it is; null when the centre has none of this id. */
  parties(centreId: string, interactionId: string): Promise<{ tvId: string; ended: boolean } | null>;
  agent(centreId: string, agentId: string): Promise<Versioned<Agent> | null>;
  /** Who is in the line now, those with a standing offer included, with their TVs. */
  line(centreId: string): Promise<(Waiting & { tvId: string })[]>;
  queues(centreId: string): Promise<Queue[]>;
  candidates(centreId: string): Promise<Candidate[]>;
  /** Mean seconds from answer to end over the latest fifty; null when there are none. */
  meanHandlingSeconds(centreId: string): Promise<number | null>;
  /** Agents recorded as connected and open interactions whose TV is: what a crash left behind. */
  leftConnected(): Promise<{
    agents: { centreId: string; agentId: string }[];
    interactions: { centreId: string; interactionId: string }[];
  }>;
}

/** One interaction's share of a commit. The agents tell whom the events concern. */
export interface CommittedInteraction {
  centreId: string;
  interaction: Interaction;
  events: StoredEvent[];
  /** With whom it was before, and is now; ids. */
  agentBefore: string | null;
  agentNow: string | null;
}

export interface Commit {
  interactions: CommittedInteraction[];
  agents: Versioned<Agent>[];
}

/** Hears of everything that was committed, and of nothing else. */
export interface Relay {
  committed(commit: Commit): void;
}

/** Milliseconds since the epoch. */
export type Clock = () => number;
