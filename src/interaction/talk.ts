/** The talk with an agent and its after-work; only the agent it is with may command it (IX15, IX17–IX19). */
import type { AgentCommand } from './command.ts';
import type { AgentRef, Interaction, InteractionState } from './interaction.ts';
import { offerClosure } from './closure.ts';
import { declines, offerBack, toLine } from './line.ts';
import { go, notYours, refuse, stay, type Given, type Step } from './step.ts';
import { sendDiagnosis, withdrawTask } from './tasks.ts';

type InTalk = Extract<AgentCommand, { type: 'sendDiagnosis' | 'withdrawTask' | 'sendMessage' | 'end' | 'close' }>;

/** Said by an agent within a talk, or in its wrap-up. */
export function inTalk(given: Given, agentId: string, command: InTalk): Step {
  const { interaction } = given;
  const { state } = interaction;
  if (state.kind === 'offered' && state.offer.agent.agentId === agentId) {
    return refuse('wrongState', 'This one is not with you yet. Accept the offer first.');
  }
  if (state.kind === 'invited' && state.agent.agentId === agentId) {
    if (command.type === 'end') return withdrawInvitation(given);
    return refuse('wrongState', 'The viewer has not said yes yet. Wait for the answer to your invitation.');
  }
  if ((state.kind !== 'active' && state.kind !== 'wrapUp') || state.agent.agentId !== agentId) return notYours();
  if (state.kind === 'wrapUp') return inWrapUp(given, state.agent, command);
  switch (command.type) {
    case 'sendDiagnosis':
      return sendDiagnosis(given, command.diagnosis);
    case 'withdrawTask':
      return withdrawTask(given, command.taskId);
    case 'sendMessage':
      return go(interaction, [{ type: 'messageSent', from: 'agent', name: state.agent.name, text: command.text }]);
    case 'end':
      return endTalk(given, state, 'agent');
    case 'close': {
      const ended = endTalk(given, state, 'agent');
      if (!ended.ok) return ended;
      const closed = close({ ...given, interaction: ended.next }, state.agent, command);
      return closed.ok ? { ...closed, events: [...ended.events, ...closed.events] } : closed;
    }
  }
}

/** From the couch to the agent, under the TV's name: who of the household presses is not known. */
export function viewerSays({ interaction }: Given, text: string): Step {
  if (interaction.state.kind !== 'active') {
    return refuse('wrongState', 'Nobody is there to read it now. Say it once somebody is.');
  }
  return go(interaction, [{ type: 'messageSent', from: 'viewer', name: interaction.tv.name, text }]);
}

/** The agent thought better of it before the viewer answered. */
function withdrawInvitation({ interaction, now }: Given): Step {
  const reason = 'invitationWithdrawn';
  return go({ ...interaction, state: { kind: 'abandoned', at: now, reason } }, [{ type: 'abandoned', reason }]);
}

function inWrapUp(given: Given, agent: AgentRef, command: InTalk): Step {
  switch (command.type) {
    case 'end':
      return stay(given.interaction);
    case 'close':
      return close(given, agent, command);
    case 'sendDiagnosis':
    case 'withdrawTask':
    case 'sendMessage':
      return refuse('wrongState', 'The talk is over, so nothing reaches the TV any more. Choose how it ended.');
  }
}

type Active = Extract<InteractionState, { kind: 'active' }>;

/** From the talk to its after-work; a fix that waited for a word is noted. */
export function endTalk({ interaction, now }: Given, state: Active, by: 'viewer' | 'agent'): Step {
  const fix = state.closure?.how ?? null;
  return go({ ...interaction, state: { kind: 'wrapUp', agent: state.agent, endedAt: now, endedBy: by, fix } }, [
    { type: 'ended', by, fix },
  ]);
}

function close(
  { interaction, now }: Given,
  agent: AgentRef,
  { disposition, note }: Extract<AgentCommand, { type: 'close' }>,
): Step {
  const state: InteractionState = { kind: 'closed', closedAt: now, disposition, by: 'agent', agent };
  return go({ ...interaction, state }, [{ type: 'closed', by: 'agent', disposition, note }]);
}

/** The agent is gone: at once while an offer stands, after the grace in a talk or an invitation. */
export function agentLost(given: Given, agentId: string): Step {
  const { interaction, now } = given;
  const { state } = interaction;
  switch (state.kind) {
    case 'offered':
      if (state.offer.agent.agentId !== agentId) return stay(interaction);
      return offerBack(given, state, 'agentLost', 'agentLost', state);
    case 'active':
      return state.agent.agentId === agentId ? lostInTalk(given, state) : stay(interaction);
    case 'invited':
      if (state.agent.agentId !== agentId) return stay(interaction);
      return go({ ...interaction, state: { kind: 'abandoned', at: now, reason: 'agentLost' } }, [
        { type: 'abandoned', reason: 'agentLost' },
      ]);
    case 'selfService':
    case 'queued':
    case 'wrapUp':
    case 'closed':
    case 'abandoned':
      return stay(interaction);
  }
}

/** Back to the place in the line; a fix that waits for the viewer's word goes on waiting for it, the place held. */
function lostInTalk(given: Given, state: Active): Step {
  const back = toLine(given, state.place, declines(given, []), 'agentLost');
  if (!back.ok || state.closure === null) return back;
  return offerClosure({ ...given, interaction: back.next }, state.closure.taskId, state.closure.how, back.events);
}

/** True when this agent closed it; a repeated `end` or `close` is then no news. */
export function closedBy({ state }: Interaction, agentId: string): boolean {
  return state.kind === 'closed' && state.agent?.agentId === agentId;
}
