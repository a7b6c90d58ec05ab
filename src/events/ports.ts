/** What the event handling component needs of others; db/ and src/realtime/ stand behind these, chosen in main.ts. */
import type { Agent } from '../agent/agent.ts';
import type { Catalogue } from '../diagnosis/diagnosis.ts';
import type { ServiceCommand } from '../interaction/command.ts';
import type { InteractionEvent } from '../interaction/event.ts';
import type { TvSummary } from '../interaction/facts.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { RefusalCode } from '../protocol/server.ts';
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
  /** The client's command that is kept by the same commit, and answered with this event; not kept itself. */
  answers?: { senderId: string; commandId: string };
}

/** Somebody else wrote first; the unit of work is tried again on what they wrote. */
export class ConflictError extends Error {
  override name = 'ConflictError';
}

/** The store does not answer. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}

/** Nobody knows whether the changes were kept: the connection was lost before the answer. */
export class UncertainError extends UnavailableError {
  override name = 'UncertainError';
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

/** What one unit of work changes; kept all of it or nothing. */
export interface Changes {
  /**
   * `version` is the one that was loaded, 0 for a new one; `events`, one at least, carry on from there. `changed` is
   * false where they leave the interaction as it was: a message is an event and nothing else.
   */
  interactions: { next: Interaction; version: number; changed: boolean; events: StoredEvent[] }[];
  agents: { next: Agent; version: number }[];
  setTimers: Timer[];
  cancelTimers: string[];
  /** Clients' commands that were taken, so that none takes effect twice. */
  taken: TakenCommand[];
  /** The version of the line that offers were made on; null when nothing of it mattered. */
  lineVersion: number | null;
}

/** A client's command, by sender and the sender's own id, with what it was answered. */
export interface TakenCommand {
  senderId: string;
  commandId: string;
  interactionId: string | null;
}

/**
 * A contact centre's line as offering needs it. The version grows with every commit that looked at the line, in
 * whichever process: two that looked at the same one cannot both be kept.
 */
export interface Line {
  version: number;
  queues: Queue[];
  /** All that are queued, in any order. */
  waiting: Waiting[];
  /** Every agent of the centre. */
  candidates: Candidate[];
  /** Whether the queues and agents are known to be the same still, but for what this process saved. */
  stands: () => boolean;
}

export interface Store {
  interaction(centreId: string, interactionId: string): Promise<Versioned<Interaction> | null>;
  /** Those of these that the centre has, in any order. */
  interactions(centreId: string, interactionIds: string[]): Promise<Versioned<Interaction>[]>;
  agent(centreId: string, agentId: string): Promise<Versioned<Agent> | null>;
  line(centreId: string): Promise<Line>;
  /** The id of what is open for a TV. */
  openInteractionOf(centreId: string, tvId: string): Promise<string | null>;
  /** The TV as an interaction remembers it, and as matching sees it; null when the centre has none of this id. */
  tv(centreId: string, tvId: string): Promise<{ summary: TvSummary; facts: TvFacts } | null>;
  /** The catalogue that stands. */
  catalogue(centreId: string): Promise<Catalogue>;
  /** Which of these commands were taken before. */
  taken(commands: Omit<TakenCommand, 'interactionId'>[]): Promise<TakenCommand[]>;
  /**
   * Keeps the changes, all at once and for good.
   * @throws ConflictError when somebody wrote first what they build on; then nothing is kept
   * @throws UncertainError when the connection was lost on the way; any other error means that nothing is kept
   */
  save(centreId: string, changes: Changes): Promise<void>;

  /** The earliest events after `seq`, in order, `limit` at most; empty when the interaction is not of this centre. */
  eventsAfter(centreId: string, interactionId: string, seq: number, limit: number): Promise<StoredEvent[]>;
  /** Whose interaction it is; null when the centre has none of this id. */
  parties(centreId: string, interactionId: string): Promise<{ tvId: string; ended: boolean } | null>;
  /** Who is in the line now, those with a standing offer included, with their TVs. */
  places(centreId: string): Promise<(Waiting & { tvId: string })[]>;
  /** Mean seconds from answer to end over the latest fifty; null when there are none. */
  meanHandlingSeconds(centreId: string): Promise<number | null>;
  /** Agents recorded as connected, or whose talk waits for them, and open interactions whose TV is connected. */
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

/** Hears of everything that was committed. */
export interface Relay {
  committed(commit: Commit): void;
  /** May have been committed: whomever it concerns has to look anew. */
  uncertain(commit: Commit): void;
}

/** One transaction that was committed. */
export interface Batch {
  /** Commands that shared it. */
  commands: number;
  /** Interactions that changed. */
  interactions: number;
  /** Events that were appended. */
  events: number;
  /** From its beginning to its commit, milliseconds. */
  ms: number;
}

/** Hears how the door works; figures, and nothing of people. */
export interface Meter {
  committed(batch: Batch): void;
}

/** How a command ended. */
export type Answer =
  { ok: true; interactionId: string | null } | { ok: false; code: RefusalCode; message: string; retry: boolean };

/** Milliseconds since the epoch. */
export type Clock = () => number;
