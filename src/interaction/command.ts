/** Everything that can be asked of an interaction, and by whom. */
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { ServiceContext, ServiceRequest, ScreenStructure, FaultCondition, TvSummary } from './facts.ts';
import type { AgentRef, Disposition, Match } from './interaction.ts';

/** Said by the person on the couch, through the TV. */
export type ViewerCommand =
  | { type: 'answerTask'; taskId: string; answer: 'works' | 'stillNot' | 'cannot' }
  | { type: 'answerQuestion'; taskId: string; choice: string }
  /** The connector ran the check: `verified`, `failed`, or it could not be run. */
  | { type: 'reportCheck'; taskId: string; result: 'verified' | 'failed' | 'unavailable'; evidence: string }
  /** From self-service into the line. */
  | { type: 'askForPerson' }
  | { type: 'confirmFixed' }
  /** After a closure was offered: help is still needed. */
  | { type: 'stillNeedHelp' }
  | { type: 'leave' }
  | { type: 'acceptInvitation' }
  | { type: 'declineInvitation' }
  /** An answer to what the agent wrote. */
  | { type: 'sendMessage'; text: string }
  /** New information (M10): a new fault or, with null, that it is gone; the screen as it is now; more context. */
  | { type: 'update'; fault?: FaultCondition | null; screen?: ScreenStructure; context?: ServiceContext };

/** Said by the agent that the interaction is with, or is offered to. */
export type AgentCommand =
  | { type: 'accept'; offerId: string }
  | { type: 'decline'; offerId: string; reason?: string }
  /** The diagnosis of an agent, its ids and source given by the door. */
  | { type: 'sendDiagnosis'; diagnosis: Diagnosis }
  | { type: 'withdrawTask'; taskId: string }
  | { type: 'sendMessage'; text: string }
  | { type: 'end' }
  | { type: 'close'; disposition: Disposition; note: string };

/** Said by the service itself: outcomes of effects, connections, timers. */
export type ServiceCommand =
  /** The first of all: the viewer pressed. */
  | { type: 'request'; interactionId: string; centreId: string; tv: TvSummary; request: ServiceRequest }
  /** The first of all, when an agent starts (M7). */
  | {
      type: 'invite';
      interactionId: string;
      centreId: string;
      tv: TvSummary;
      request: ServiceRequest;
      agent: AgentRef;
      match: Match;
      /** False when the TV is not connected now. */
      tvConnected: boolean;
      expiresAt: number;
    }
  | { type: 'diagnosisFound'; diagnosis: Diagnosis; unattended: boolean }
  | { type: 'diagnosisNotFound' }
  | { type: 'matched'; match: Match }
  | { type: 'offerTo'; offerId: string; agent: AgentRef; expiresAt: number }
  | { type: 'offerExpired'; offerId: string }
  /** The agent's last connection is gone while the offer stands, or for longer than the grace while active. */
  | { type: 'agentLost'; agentId: string }
  | { type: 'tvLost' }
  | { type: 'tvBack' }
  | { type: 'absenceExpired' }
  | { type: 'closureExpired' }
  | { type: 'invitationExpired' }
  /** The preferred agents had their time; now anyone of the queue may be asked. */
  | { type: 'preferenceExpired' }
  /** Those who declined were left in peace for a while; they may be asked again when nobody else is there. */
  | { type: 'declineExpired' };

/** A command with who said it. The types pair each actor with what that actor can say. */
export type Command =
  | { by: { kind: 'viewer' }; command: ViewerCommand }
  | { by: { kind: 'agent'; agentId: string }; command: AgentCommand }
  | { by: { kind: 'service' }; command: ServiceCommand };
