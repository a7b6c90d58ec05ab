/**
 * An agent's presence and work: one record a person, written by the server alone.
 *
 * What the agent wants (`wish`) and what the agent is busy with (`work`) are kept apart, so that
 * nobody becomes "ready" by finishing a call while away. Presence is derived from both.
 */

/** What the agent set, or the service set for them. */
export type Wish =
  | { kind: 'ready' }
  | { kind: 'away'; reason: string }
  /** An offer was missed; one click leads back to ready. */
  | { kind: 'notAnswering'; since: number };

export interface Work {
  interactionId: string;
  phase: 'offered' | 'inviting' | 'engaged' | 'wrapUp';
  since: number;
}

export interface Agent {
  id: string;
  centreId: string;
  name: string;
  skills: string[];
  /** Ids of customers looked after (seed 54). */
  customersLookedAfter: string[];
  /** How many interactions at once; wrap-up counts. */
  capacity: number;
  wish: Wish;
  /** Open connections are not kept here; only whether there are any, and since when there are none. */
  connected: boolean;
  lostAt: number | null;
  /** When the agent last became free, or was made; the longest free is asked first (RT4). */
  freeSince: number;
  work: Work[];
}

export type Presence =
  | { kind: 'offline' }
  | { kind: 'ready' }
  | { kind: 'ringing' }
  | { kind: 'helping' }
  | { kind: 'wrappingUp' }
  | { kind: 'away'; reason: string }
  | { kind: 'notAnswering'; since: number };

export type AgentCommand =
  | { type: 'connect' }
  /** The last connection is gone. */
  | { type: 'disconnect' }
  /** The service was gone itself: nobody is connected, and nobody could have come back. */
  | { type: 'serviceStarted' }
  /** Still not back after the grace. */
  | { type: 'graceExpired' }
  | { type: 'setWish'; wish: { kind: 'ready' } | { kind: 'away'; reason: string } }
  | { type: 'take'; interactionId: string; phase: 'offered' | 'inviting' | 'engaged' | 'wrapUp' }
  | { type: 'release'; interactionId: string; missed: boolean };

/** What follows from a change of an agent's record. */
export type AgentEffect =
  /** here: this agent may be free now; look for the next in line */
  | { type: 'route' }
  /** here: the interaction lost this agent */
  | { type: 'agentLost'; interactionId: string }
  /** later: say graceExpired at `at` */
  | { type: 'setGrace'; at: number }
  | { type: 'cancelGrace' };

export type AgentTransition =
  | { ok: true; next: Agent; effects: AgentEffect[] }
  | { ok: false; refusal: { code: 'full' | 'notConnected' | 'notReady'; message: string } };
