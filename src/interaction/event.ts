/**
 * What happened, as it is appended, kept and relayed. An event says its fact in full, so that a
 * client can build its view from events alone (src/protocol/view.ts) and a webhook's receiver
 * needs no second look-up.
 */
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { FaultCondition, ScreenStructure, ServiceContext, ServiceRequest, TvSummary } from './facts.ts';
import type { AbandonReason, AgentRef, Disposition, Match, TaskStatus } from './interaction.ts';

export type InteractionEvent =
  | { type: 'requested'; tv: TvSummary; request: ServiceRequest; origin: 'viewer' | 'agent' }
  | { type: 'diagnosisGiven'; diagnosis: Diagnosis }
  | {
      type: 'queued';
      match: Match;
      priority: number;
      arrivedAt: number;
      why: 'joined' | 'declined' | 'offerExpired' | 'agentLost' | 'stillNeedsHelp';
    }
  | { type: 'offered'; offerId: string; agent: AgentRef; expiresAt: number }
  | {
      type: 'offerEnded';
      offerId: string;
      agentId: string;
      why: 'declined' | 'expired' | 'agentLost' | 'viewerLeft' | 'fixed';
    }
  | { type: 'accepted'; agent: AgentRef }
  | { type: 'invited'; agent: AgentRef; match: Match; expiresAt: number }
  | { type: 'taskChanged'; taskId: string; status: TaskStatus; choice?: string; evidence?: string }
  | { type: 'closureOffered'; taskId: string; how: 'verified' | 'claimed'; expiresAt: number }
  | { type: 'closureDeclined' }
  /** `fault` null: the TV does not see the fault any more. */
  | { type: 'updated'; fault?: FaultCondition | null; screen?: ScreenStructure; context?: ServiceContext }
  | { type: 'messageSent'; from: 'agent' | 'viewer'; name: string; text: string }
  | { type: 'tvLost' }
  | { type: 'tvBack' }
  | { type: 'ended'; by: 'viewer' | 'agent'; fix: 'verified' | 'claimed' | null }
  | { type: 'closed'; by: 'viewer' | 'agent' | 'service'; disposition: Disposition; note: string }
  | { type: 'abandoned'; reason: AbandonReason };

/**
 * The event as the TV may see it: a shared screen shows no notes, no offers to agents that did
 * not come of it, no reasons meant for the desk. Null when nothing of it is the viewer's.
 */
export function forViewer(event: InteractionEvent): InteractionEvent | null {
  switch (event.type) {
    case 'offered':
    case 'offerEnded':
      return null;
    case 'requested':
      // Who the customer is stands in the centre's books; a TV may name a reference without knowing the rest.
      return { ...event, tv: { ...event.tv, customer: null } };
    case 'queued':
    case 'invited':
      return { ...event, match: { ...event.match, preferredAgentIds: [], reason: '' } };
    case 'closed':
      return { ...event, note: '' };
    default:
      return event;
  }
}
