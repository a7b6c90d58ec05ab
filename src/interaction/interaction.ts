/**
 * The interaction: one service request from first press to disposition.
 *
 *   request                        offerTo          accept          end            close
 *  ───────▶ selfService ──▶ queued ───────▶ offered ───────▶ active ─────▶ wrapUp ─────▶ closed
 *                                                              ▲
 *                            invite (M7) ───────▶ invited ─────┘ acceptInvitation
 *
 *   offered ──────────────▶ queued        declined, expired, agent lost: to the same place
 *   active ───────────────▶ queued        agent lost for longer than the grace: to the same place
 *   queued, offered ──────▶ selfService   a fix offers closure, the place held
 *   selfService ──────────▶ queued        stillNeedHelp: to the held place
 *   selfService ──────────▶ closed        closure offered, and confirmFixed, leave or no answer
 *   any before active ────▶ abandoned     leave, absence, an invitation that came to nothing
 *
 * A state carries only its own fields: what is queued cannot have an agent. Legs, calls and
 * connections are known by id only. The rules are in RULES.md; their numbers stand in test names.
 * All times are milliseconds since the epoch.
 */
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { ServiceRequest, TvSummary } from './facts.ts';

/** How a task stands, as the agent sees it: verified, claimed and failed are never merged (B3). */
export type TaskStatus =
  | 'todo'
  /** The viewer says it works; the TV is running the check. */
  | 'checking'
  /** The TV ran the check and the fault is gone. */
  | 'verified'
  /** The viewer says it works; there was no check, or it could not run. */
  | 'claimed'
  /** The check ran and the fault is still there. */
  | 'failed'
  /** The viewer says it still does not work. */
  | 'notHelped'
  /** The viewer cannot do it. */
  | 'cannot'
  /** A question was answered; `choice` is set. */
  | 'answered'
  /** The agent took it back. */
  | 'withdrawn';

export interface TaskRecord {
  taskId: string;
  diagnosisId: string;
  status: TaskStatus;
  choice?: string;
  /** What the check saw, in one sentence. */
  evidence?: string;
  at: number;
}

/** Why this interaction goes to this queue and these agents (M3); recorded and shown. */
export interface Match {
  queueId: string;
  queueName: string;
  /** Agents to be offered it first, best first; empty for any of the queue. */
  preferredAgentIds: string[];
  /** Until then only the preferred are asked; null when there are none. */
  preferredUntil: number | null;
  rule: 'namedRepresentative' | 'customersLookedAfter' | 'queue';
  /** One sentence for people: "Priya Nair looks after this customer." */
  reason: string;
}

/** A place in the line. Lower `arrivedAt` goes first at equal priority. */
export interface Place {
  match: Match;
  /** 0 is usual; higher is served first. */
  priority: number;
  /** When the viewer first joined the line; kept through declined offers, lost agents and fixes that did not hold. */
  arrivedAt: number;
}

/** A fix that waits for the viewer's word; its place in the line is given up meanwhile. */
export interface OfferedClosure {
  taskId: string;
  how: 'verified' | 'claimed';
  /** The place to return to when the viewer still needs help; null when there was none, or within a talk. */
  heldPlace: Place | null;
  /** Agents who declined before the place was given up. */
  declinedBy: string[];
  expiresAt: number;
}

export interface AgentRef {
  agentId: string;
  name: string;
}

export type InteractionState =
  | { kind: 'selfService'; closure: OfferedClosure | null }
  | {
      kind: 'queued';
      place: Place;
      declinedBy: string[];
      /** Those who declined are not asked again before; null when nobody did. */
      askAgainAt: number | null;
    }
  | {
      kind: 'offered';
      place: Place;
      declinedBy: string[];
      askAgainAt: number | null;
      offer: { offerId: string; agent: AgentRef; madeAt: number; expiresAt: number };
    }
  | { kind: 'invited'; agent: AgentRef; place: Place; expiresAt: number }
  | { kind: 'active'; agent: AgentRef; place: Place; since: number; closure: OfferedClosure | null }
  | {
      kind: 'wrapUp';
      agent: AgentRef;
      endedAt: number;
      endedBy: 'viewer' | 'agent';
      fix: 'verified' | 'claimed' | null;
    }
  | {
      kind: 'closed';
      closedAt: number;
      disposition: Disposition;
      by: 'viewer' | 'agent' | 'service';
      /** Who closed it from the desk; null when no agent was with it. */
      agent: AgentRef | null;
    }
  | { kind: 'abandoned'; at: number; reason: AbandonReason };

export type Disposition = 'fixedVerified' | 'fixedClaimed' | 'followUp' | 'passedOn' | 'customerLeft';

export type AbandonReason =
  | 'left'
  /** The TV was away for too long. */
  | 'absent'
  | 'invitationDeclined'
  | 'invitationUnanswered'
  /** The agent took the invitation back. */
  | 'invitationWithdrawn'
  /** The agent who invited was gone for longer than the grace. */
  | 'agentLost';

export interface Interaction {
  id: string;
  centreId: string;
  origin: 'viewer' | 'agent';
  openedAt: number;
  tv: TvSummary;
  request: ServiceRequest;
  diagnoses: Diagnosis[];
  tasks: TaskRecord[];
  /** Null while the TV is connected; else since when it is not. */
  tvLostAt: number | null;
  state: InteractionState;
}

export type StateKind = InteractionState['kind'];

/** True once nothing can happen any more. */
export function isEnded(interaction: Interaction): boolean {
  return interaction.state.kind === 'closed' || interaction.state.kind === 'abandoned';
}

/** The agent it is offered to, or with; null where nobody is. */
export function agentOf({ state }: Interaction): AgentRef | null {
  switch (state.kind) {
    case 'offered':
      return state.offer.agent;
    case 'invited':
    case 'active':
    case 'wrapUp':
      return state.agent;
    case 'selfService':
    case 'queued':
    case 'closed':
    case 'abandoned':
      return null;
  }
}
