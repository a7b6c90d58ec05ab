/** The records of others as routing looks at them. */
import type { Agent } from '../agent/agent.ts';
import { isFree, isReady } from '../agent/transition.ts';
import type { Interaction } from '../interaction/interaction.ts';
import type { Candidate, Waiting } from './routing.ts';

/** An interaction as the order of the line needs it; nothing unless it is queued. */
export function waitingOf({ id, state }: Interaction): Waiting[] {
  if (state.kind !== 'queued') return [];
  const { match, priority, arrivedAt } = state.place;
  return [
    {
      interactionId: id,
      queueId: match.queueId,
      priority,
      arrivedAt,
      preferredAgentIds: match.preferredAgentIds,
      preferredUntil: match.preferredUntil,
      declinedBy: state.declinedBy,
      askAgainAt: state.askAgainAt,
    },
  ];
}

export function candidateOf(agent: Agent): Candidate {
  return {
    agentId: agent.id,
    name: agent.name,
    skills: agent.skills,
    customersLookedAfter: agent.customersLookedAfter,
    connected: agent.connected,
    ready: isReady(agent),
    free: isFree(agent),
    freeSince: agent.freeSince,
  };
}
