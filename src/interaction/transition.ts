import type { AgentCommand, Command, ServiceCommand, ViewerCommand } from './command.ts';
import { closureExpired, confirmFixed, stillNeedHelp } from './closure.ts';
import { consequences } from './consequences.ts';
import { isEnded, type Interaction } from './interaction.ts';
import { absenceExpired, leave, tvBack, tvLost } from './leaving.ts';
import { accept, decline, lookAgain, matched, offerExpired, offerTo } from './line.ts';
import { acceptInvitation, declineInvitation, invitationExpired, open } from './opening.ts';
import { refuse, stay, type Given, type InteractionTimes, type Step, type Transition } from './step.ts';
import { agentLost, closedBy, inTalk, viewerSays } from './talk.ts';
import { diagnosisFound, diagnosisNotFound, told, update } from './tasks.ts';

export type { InteractionTimes, Refusal, Transition } from './step.ts';

/**
 * Takes a command: what the interaction becomes, what happened, what follows. Pure.
 *
 * @param interaction null before `request` and `invite`, which open it
 * @param now milliseconds since the epoch
 * @returns a refusal when the command does not fit; `ok` with no events when it was already done
 */
export function transition(
  interaction: Interaction | null,
  command: Command,
  now: number,
  times: InteractionTimes,
): Transition {
  const step = interaction === null ? first(command, now) : then({ interaction, now, times }, command);
  if (!step.ok) return step;
  const { next, events, asked, missed } = step;
  return { ok: true, next, events, effects: [...consequences(interaction, next, missed, now, times), ...asked] };
}

function first({ by, command }: Command, now: number): Step {
  if (by.kind === 'service' && (command.type === 'request' || command.type === 'invite')) return open(command, now);
  return refuse('notFound', 'There is no such interaction. It may never have been opened; start with a request.');
}

function then(given: Given, said: Command): Step {
  if (isEnded(given.interaction)) return afterEnd(given.interaction, said);
  switch (said.by.kind) {
    case 'viewer':
      return byViewer(given, said.command as ViewerCommand);
    case 'agent':
      return byAgent(given, said.by.agentId, said.command as AgentCommand);
    case 'service':
      return byService(given, said.command as ServiceCommand);
  }
}

function byViewer(given: Given, command: ViewerCommand): Step {
  switch (command.type) {
    case 'answerTask':
    case 'answerQuestion':
    case 'reportCheck':
      return told(given, command);
    case 'askForPerson':
      return given.interaction.state.kind === 'selfService' ? stillNeedHelp(given) : stay(given.interaction);
    case 'confirmFixed':
      return confirmFixed(given);
    case 'stillNeedHelp':
      return stillNeedHelp(given);
    case 'leave':
      return leave(given);
    case 'acceptInvitation':
      return acceptInvitation(given);
    case 'declineInvitation':
      return declineInvitation(given);
    case 'sendMessage':
      return viewerSays(given, command.text);
    case 'update':
      return update(given, command);
  }
}

function byAgent(given: Given, agentId: string, command: AgentCommand): Step {
  switch (command.type) {
    case 'accept':
      return accept(given, agentId, command.offerId);
    case 'decline':
      return decline(given, agentId, command);
    case 'sendDiagnosis':
    case 'withdrawTask':
    case 'sendMessage':
    case 'end':
    case 'close':
      return inTalk(given, agentId, command);
  }
}

function byService(given: Given, command: ServiceCommand): Step {
  switch (command.type) {
    case 'request':
    case 'invite':
      return stay(given.interaction);
    case 'diagnosisFound':
      return diagnosisFound(given, command.diagnosis, command.unattended);
    case 'diagnosisNotFound':
      return diagnosisNotFound(given);
    case 'matched':
      return matched(given, command.match);
    case 'offerTo':
      return offerTo(given, command);
    case 'offerExpired':
      return offerExpired(given, command.offerId);
    case 'agentLost':
      return agentLost(given, command.agentId);
    case 'tvLost':
      return tvLost(given);
    case 'tvBack':
      return tvBack(given);
    case 'absenceExpired':
      return absenceExpired(given);
    case 'closureExpired':
      return closureExpired(given);
    case 'invitationExpired':
      return invitationExpired(given);
    case 'preferenceExpired':
    case 'declineExpired':
      return lookAgain(given.interaction);
  }
}

/** Nothing happens any more (IX22): a repetition is no news, what the service says late is no error, the rest is told. */
function afterEnd(interaction: Interaction, { by, command }: Command): Step {
  const { state } = interaction;
  const ended = refuse('ended', 'This help has ended, so nothing was changed. Ask for help again to start anew.');
  if (by.kind === 'service') return command.type === 'offerTo' ? ended : stay(interaction);
  switch (command.type) {
    case 'leave':
    case 'decline':
      return stay(interaction);
    case 'confirmFixed':
      return state.kind === 'closed' && state.disposition.startsWith('fixed') ? stay(interaction) : ended;
    case 'declineInvitation':
      return state.kind === 'abandoned' && state.reason === 'invitationDeclined' ? stay(interaction) : ended;
    case 'end':
      return by.kind === 'agent' && closedBy(interaction, by.agentId) ? stay(interaction) : ended;
    case 'close':
      if (by.kind !== 'agent' || !closedBy(interaction, by.agentId)) return ended;
      if (state.kind !== 'closed' || state.disposition !== command.disposition) return ended;
      // Without a note it says nothing new; one more note must not be lost without a word.
      if (command.note.trim() === '') return stay(interaction);
      return refuse('ended', 'This help is closed, and its note stands as it was. Nothing was changed.');
    default:
      return ended;
  }
}
