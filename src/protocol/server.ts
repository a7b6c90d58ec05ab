/** What the service says. Types only: clients trust the service they connected to, and a TV has no room for schemas. */
import type { Presence, Work } from '../agent/agent.ts';
import type { InteractionEvent } from '../interaction/event.ts';
import type { LiveMessage } from './live.ts';

interface Envelope {
  v: 1;
}

/** The registration is taken; what was missed follows as events, then `resumed`. */
export interface Registered extends Envelope {
  type: 'registered';
  re: string;
  centre: { id: string; name: string };
  /** For the next connection instead of the secret; null where a cookie serves. */
  session: { token: string; expiresAt: number } | null;
  self:
    | { role: 'tv'; tvId: string; name: string }
    | { role: 'agent'; agentId: string; name: string; roles: ('agent' | 'supervisor')[]; skills: string[] };
  /** The service's clock, milliseconds since the epoch. */
  now: number;
}

/** All that was missed was sent; what comes now is live. `open` names what is still going on: a client forgets the rest. */
export interface Resumed extends Envelope {
  type: 'resumed';
  open: string[];
}

/** Committed. `interactionId` for a request or an invitation. */
export interface Ack extends Envelope {
  type: 'ack';
  re: string;
  interactionId?: string;
}

/** Not taken; nothing changed. `re` is null when the message had no readable id. */
export interface Refused extends Envelope {
  type: 'refused';
  re: string | null;
  code: RefusalCode;
  /** What happened, why, what to do. */
  message: string;
  /** True when the same message may be taken later. */
  retry: boolean;
}

export type RefusalCode =
  | 'version'
  | 'malformed'
  | 'unauthorized'
  | 'rateLimited'
  | 'notFound'
  | 'notYours'
  | 'wrongState'
  | 'badReference'
  | 'ended'
  | 'busy'
  | 'unavailable';

/** Something happened in an interaction; `seq` grows within it (what is not for this reader is left out). */
export interface EventMessage extends Envelope {
  type: 'event';
  interactionId: string;
  seq: number;
  at: number;
  event: InteractionEvent;
  /** Committed with it: the command of this id. Said instead of `ack` to its sender, if that is `answeredByEvents`. */
  re?: string;
}

/** The agent's own record, whole; a later `version` replaces an earlier. */
export interface PresenceMessage extends Envelope {
  type: 'presence';
  version: number;
  presence: Presence;
  work: Work[];
}

/** The TV's place in the line, now. Not kept: it is said again whenever it changes. */
export interface LineMessage extends Envelope {
  type: 'line';
  interactionId: string;
  /** 1 is next. */
  place: number;
  of: number;
  /** Expected wait in seconds, as a range; null while nobody is there to answer. */
  expected: { low: number; high: number } | null;
  /** Why the place went back, when it did: somebody returned to a place held for them. */
  rose: boolean;
}

/** How the agent's queues stand, now. */
export interface QueuesMessage extends Envelope {
  type: 'queues';
  queues: { id: string; name: string; waiting: number; longestSince: number | null; ready: number }[];
}

export interface Pong extends Envelope {
  type: 'pong';
  re: string;
}

/** The service is going down: nothing is lost, come back after a while. */
export interface Goodbye extends Envelope {
  type: 'goodbye';
  reason: string;
  retryAfterMs: number;
}

export type ServerMessage =
  | Registered
  | Resumed
  | Ack
  | Refused
  | EventMessage
  | PresenceMessage
  | LineMessage
  | QueuesMessage
  | LiveMessage
  | Pong
  | Goodbye;
