/** Relays what was committed to everybody it concerns: the TV, the agent it is with, the line. */
import type { Agent } from '../agent/agent.ts';
import { presenceOf } from '../agent/transition.ts';
import type { Commit, CommittedInteraction, Relay, Versioned } from '../events/ports.ts';
import { isEnded } from '../interaction/interaction.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { PresenceMessage } from '../protocol/server.ts';
import type { LineBoard } from './lineBoard.ts';
import type { Roster } from './roster.ts';

/** @returns what the door tells of every commit */
export function createRelay(roster: Roster, lineBoard: LineBoard): Relay {
  function tell({ interaction, events, agentBefore, agentNow }: CommittedInteraction): void {
    for (const session of roster.of(interaction.tv.tvId)) {
      // A TV follows what is open for it from its registration on; what is new begins now.
      if (events[0]?.seq === 1 || session.follows(interaction.id)) session.deliver(interaction.id, events);
    }
    // To an agent it is offered to, it is new from its first event on, however old it is.
    for (const session of roster.of(agentNow)) session.deliver(interaction.id, events);
    if (agentBefore !== agentNow) {
      for (const session of roster.of(agentBefore)) {
        if (session.follows(interaction.id)) session.deliver(interaction.id, events);
        session.unfollow(interaction.id);
      }
    }
    if (isEnded(interaction)) {
      for (const session of roster.of(interaction.tv.tvId)) session.unfollow(interaction.id);
    }
  }

  return {
    committed({ interactions, agents }: Commit) {
      for (const one of interactions) tell(one);
      for (const agent of agents) {
        const message = presenceMessage(agent);
        for (const session of roster.of(agent.value.id)) session.connection.send(message);
      }
      const centres = new Set([
        ...interactions.map((one) => one.centreId),
        ...agents.map((agent) => agent.value.centreId),
      ]);
      for (const centreId of centres) lineBoard.changed(centreId);
    },
  };
}

/** An agent's record as the agent is told of it. */
export function presenceMessage({ value, version }: Versioned<Agent>): PresenceMessage {
  return { v: PROTOCOL_VERSION, type: 'presence', version, presence: presenceOf(value), work: value.work };
}
