/**
 * What follows from a transition, as data; somebody else performs it and tells the outcome as the
 * next command. `here` is settled within the same transaction by the door; `later` is queued in
 * it and run after the commit, at least once.
 */
import type { FaultCondition } from './facts.ts';
import type { ServiceCommand } from './command.ts';
import type { AgentRef } from './interaction.ts';

export type Effect =
  /** here: look the fault up → diagnosisFound | diagnosisNotFound */
  | { type: 'diagnose'; fault: FaultCondition | null; model: string; firmware: string }
  /** here: match by rules over both registrations → matched */
  | { type: 'match' }
  /** here: look for a free agent → offerTo, or nothing while all are busy */
  | { type: 'route' }
  /** here: tell the agent's own record */
  | { type: 'agent'; agent: AgentRef; change: AgentChange }
  /** later: say `then` at `at`; a second timer of the same name replaces the first */
  | { type: 'setTimer'; timer: TimerName; at: number; then: ServiceCommand }
  | { type: 'cancelTimer'; timer: TimerName };

export type TimerName = 'offer' | 'absence' | 'closure' | 'invitation' | 'preferred' | 'decline';

/** What an interaction does to the agent it is with. */
export type AgentChange =
  | 'offered'
  /** The offer was accepted, or the agent's invitation was. */
  | 'engaged'
  /** The talk is over, the after-work begins. */
  | 'wrapUp'
  /** Nothing of it remains with the agent. */
  | 'released'
  /** As released, and the agent did not answer in time: presence becomes "Not answering". */
  | 'missed'
  /** The agent invites a TV (M7): busy with it while the viewer decides. */
  | 'inviting';
