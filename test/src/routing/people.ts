/** Who waits in the line, and who could be asked. */
import type { Candidate, Waiting } from '../../../src/routing/routing.ts';

/** An agent who is there and free, with nothing particular. */
export const person = (agentId: string, more: Partial<Candidate> = {}): Candidate => ({
  agentId,
  name: agentId,
  skills: [],
  customersLookedAfter: [],
  connected: true,
  ready: true,
  free: true,
  freeSince: 0,
  ...more,
});

/** Somebody in the help line, whom nobody is preferred for and nobody declined. */
export const waits = (interactionId: string, arrivedAt: number, more: Partial<Waiting> = {}): Waiting => ({
  interactionId,
  queueId: 'help',
  priority: 0,
  arrivedAt,
  preferredAgentIds: [],
  preferredUntil: null,
  declinedBy: [],
  askAgainAt: null,
  ...more,
});
