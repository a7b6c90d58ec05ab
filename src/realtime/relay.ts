/** Relays what was committed to everybody it concerns: the TV, the agent it is with, the line. */
import type { Agent } from '../agent/agent.ts';
import { presenceOf } from '../agent/transition.ts';
import type { Commit, CommittedInteraction, Relay, Versioned } from '../events/ports.ts';
import type { InteractionEvent } from '../interaction/event.ts';
import { isEnded } from '../interaction/interaction.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { PresenceMessage } from '../protocol/server.ts';
import { EventFrame } from './eventFrame.ts';
import type { LineBoard } from './lineBoard.ts';
import type { Roster } from './roster.ts';
import type { Talks } from './talks.ts';

/** @returns what the door tells of every commit */
export function createRelay(roster: Roster, lineBoard: LineBoard, talks: Talks): Relay {
  function tell({ interaction, events, agentBefore, agentNow }: CommittedInteraction): void {
    const frames = events.map((event) => new EventFrame(event));
    for (const session of roster.of(interaction.tv.tvId)) {
      // A TV follows what is open for it from its registration on; what is new begins now.
      if (events[0]?.seq === 1 || session.follows(interaction.id)) session.deliver(interaction.id, frames);
    }
    // To an agent it is offered to, it is new from its first event on, however old it is.
    for (const session of roster.of(agentNow)) session.deliver(interaction.id, frames);
    if (agentBefore !== agentNow) {
      for (const session of roster.of(agentBefore)) {
        if (session.follows(interaction.id)) session.deliver(interaction.id, frames);
        session.unfollow(interaction.id);
      }
    }
    if (isEnded(interaction)) {
      for (const session of roster.of(interaction.tv.tvId)) session.unfollow(interaction.id);
    }
  }

  return {
    committed({ interactions, agents }: Commit) {
      const centres = new Set<string>();
      for (const one of interactions) {
        tell(one);
        talks.stands(one.interaction);
        if (one.events.some(({ event }) => !isApart(event))) centres.add(one.centreId);
      }
      for (const agent of agents) {
        const windows = roster.of(agent.value.id);
        if (windows.length > 0) {
          const frame = JSON.stringify(presenceMessage(agent));
          for (const session of windows) session.tell('presence', frame);
        }
        centres.add(agent.value.centreId);
      }
      for (const centreId of centres) lineBoard.changed(centreId);
    },
    uncertain({ interactions, agents }: Commit) {
      const concerned = new Set(agents.map(({ value }) => value.id));
      for (const { interaction, agentBefore, agentNow } of interactions) {
        talks.forget(interaction.id);
        for (const id of [interaction.tv.tvId, agentBefore, agentNow]) if (id !== null) concerned.add(id);
      }
      // Coming back and resuming is how everybody learns what was kept.
      for (const id of concerned) {
        for (const session of roster.of(id)) session.connection.close('failed', 'come back for what was kept');
      }
    },
  };
}

/** An agent's record as the agent is told of it. */
export function presenceMessage({ value, version }: Versioned<Agent>): PresenceMessage {
  return { v: PROTOCOL_VERSION, type: 'presence', version, presence: presenceOf(value), work: value.work };
}

/** Events that change nobody's place and no figure of a queue: the most frequent ones. Reading the line is not cheap. */
function isApart({ type }: InteractionEvent): boolean {
  return type === 'messageSent' || type === 'updated' || type === 'taskChanged' || type === 'diagnosisGiven';
}
