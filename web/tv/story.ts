/**
 * Which help screen stands for a state of the connector, as data; the views draw it. Pure, so that
 * every state can be shown and tested without a service. What this version cannot do (phone,
 * calls) is not among the choices (B8).
 */
import type { InteractionView, TvState } from '../connector/types.ts';
import type { TaskPicture } from '../../src/diagnosis/diagnosis.ts';
import { lastAnswer, latestMessages, standingExplanation } from './said.ts';
import { ageWords, firstName, placeWords, waitWords } from './words.ts';

type TaskOfView = InteractionView['tasks'][number];

/** What the viewer looks at within help, kept by the app; nothing of it is lost when it is forgotten. */
export interface Looking {
  /** True once the viewer chose to try tasks while waiting. */
  atTasks: boolean;
  /** The open task last looked at. */
  taskId: string | null;
  /** A task whose failed check was read, so that its outcome is not shown again. */
  seenOutcome: string | null;
  /** A question that was answered and is looked at once more. */
  again: string | null;
  /** How many messages there were when the viewer wanted to answer the last one anew. */
  answerAnew: number | null;
}

export interface TaskShown {
  id: string;
  /** 1 for the first that was ever given, so that it stays the same on every face. */
  number: number;
  title: string;
  detail: string | null;
  picture: TaskPicture | null;
  choices: string[] | null;
}

export type HelpScreen =
  | { kind: 'asking'; offline: boolean }
  | { kind: 'selfService'; title: string; explanation: string | null; openTasks: number }
  | {
      kind: 'waiting';
      title: string;
      wait: string;
      /** Why the wait changed, or what happened. */
      note: string | null;
      age: { words: string; stale: boolean };
      openTasks: number;
      /** The question that was answered last, which can be answered otherwise. */
      answered: string | null;
      /** False until the first place is heard. */
      known: boolean;
    }
  | {
      kind: 'task';
      task: TaskShown;
      /** Open tasks before and after this one. */
      previous: string | null;
      next: string | null;
      open: number;
      explanation: string | null;
      company: Company;
    }
  | { kind: 'checking'; task: TaskShown; startedAt: number; seconds: number; company: Company }
  | { kind: 'outcome'; taskId: string; title: string; text: string; openTasks: number; company: Company }
  | { kind: 'closure'; how: 'verified' | 'claimed'; title: string; text: string; company: Company }
  | { kind: 'invited'; agent: string; line: string }
  | {
      kind: 'connected';
      agent: string;
      messages: { from: 'agent' | 'viewer'; name: string; text: string }[];
      /** The agent is writing another. */
      writing: boolean;
      /** Stands where there are no messages. */
      text: string;
      openTasks: number;
      /** How many messages there are, while the last one waits for an answer; else null. */
      toAnswer: number | null;
      /** How many messages there are, while the last one is the viewer's answer; else null. */
      answered: number | null;
      /** The question whose answer `text` tells; it can be answered otherwise. */
      answeredTask: string | null;
    }
  | { kind: 'ended'; title: string; text: string; fix: 'verified' | 'claimed' | null; mayAskAgain: boolean };

/** Who is there while a task is done. */
export type Company =
  { kind: 'nobody' } | { kind: 'line'; place: string } | { kind: 'agent'; name: string; lastMessage: string | null };

/** A check takes no longer than this, unless it must watch for longer. Seconds. */
const CHECK_SECONDS = 20;

/** An interaction that ended by the viewer's own word leaves nothing to show. */
export function leavesAtOnce(view: InteractionView): boolean {
  const { status } = view;
  return status.kind === 'abandoned' && (status.reason === 'left' || status.reason === 'invitationDeclined');
}

/**
 * @param asking a request was made and is not yet committed
 * @param now milliseconds, by the clock of `line.receivedAt`
 * @returns null while no help is under way
 */
export function helpScreen(state: TvState, looking: Looking, asking: boolean, now: number): HelpScreen | null {
  const view = state.interaction;
  if (view === null) return asking ? { kind: 'asking', offline: state.connection.kind !== 'online' } : null;
  if (leavesAtOnce(view)) return null;
  const ended = endedScreen(view);
  if (ended !== null) return ended;
  if (view.status.kind === 'invited') {
    return { kind: 'invited', agent: firstName(view.status.agent.name), line: view.status.match.queueName };
  }
  const checking = view.tasks.filter(
    (task) => task.status === 'checking' || (state.checking !== null && state.checking.taskId === task.id),
  )[0];
  if (checking) {
    const watches = checking.check && checking.check.kind === 'playback' ? checking.check.seconds : 0;
    return {
      kind: 'checking',
      task: shown(view, checking),
      startedAt: state.checking === null ? changedAt(view, checking.id) : state.checking.startedAt,
      seconds: Math.max(CHECK_SECONDS, watches),
      company: companyOf(state, view),
    };
  }
  const fix = view.closure === null ? justFixed(view) : view.closure.how;
  if (fix !== null) return closureScreen(fix, companyOf(state, view));
  const company = companyOf(state, view);
  const open = view.tasks.filter(({ id, status }) => status === 'todo' || id === looking.again);
  const failed = lastFailed(view);
  if (failed !== null && failed !== looking.seenOutcome) {
    return {
      kind: 'outcome',
      taskId: failed,
      title: 'The TV still shows the fault.',
      text: moreWords(open.length),
      openTasks: open.length,
      company,
    };
  }
  if (open.length > 0 && showsTasks(view, open, looking)) return taskScreen(view, open, looking, company);
  switch (view.status.kind) {
    case 'active':
      return connectedScreen(state, view, firstName(view.status.agent.name), open.length, looking);
    case 'queued':
    case 'offered':
      return waitingScreen(state, view, open.length, now);
    default:
      return {
        kind: 'selfService',
        title: view.tasks.length > 0 ? 'That did not help yet.' : 'Looking for what can help.',
        explanation:
          view.tasks.length > 0
            ? 'A person can take it from here. They see what you tried.'
            : standingExplanation(view),
        openTasks: open.length,
      };
  }
}

/**
 * By oneself, tasks are what help is. In the line and with a person they wait to be wanted, except
 * for what the person sent: that comes to the front by itself.
 */
function showsTasks(view: InteractionView, open: readonly TaskOfView[], looking: Looking): boolean {
  if (view.status.kind === 'selfService' || looking.atTasks || open.some(({ id }) => id === looking.again)) return true;
  return view.status.kind === 'active' && open.some((task) => isFromAgent(view, task));
}

function taskScreen(
  view: InteractionView,
  open: readonly TaskOfView[],
  looking: Looking,
  company: Company,
): HelpScreen {
  const ids = open.map(({ id }) => id);
  const asked = looking.again || looking.taskId || '';
  const fromAgent = open.filter((task) => company.kind === 'agent' && isFromAgent(view, task))[0];
  const wanted = ids.indexOf(asked);
  const at = wanted !== -1 ? wanted : Math.max(0, ids.indexOf(fromAgent ? fromAgent.id : ''));
  const task = open[at] as TaskOfView;
  const explained = explanationOf(view, task);
  return {
    kind: 'task',
    task: shown(view, task),
    previous: ids[at - 1] || null,
    next: ids[at + 1] || null,
    open: open.length,
    explanation: (explained && explained.text) || null,
    company,
  };
}

function explanationOf(view: InteractionView, task: TaskOfView): InteractionView['explanations'][number] | undefined {
  return view.explanations.filter(({ diagnosisId }) => diagnosisId === task.diagnosisId)[0];
}

function isFromAgent(view: InteractionView, task: TaskOfView): boolean {
  const explained = explanationOf(view, task);
  return explained !== undefined && explained.source === 'agent';
}

function waitingScreen(state: TvState, view: InteractionView, openTasks: number, now: number): HelpScreen {
  const { line } = state;
  const lost = view.status.kind === 'queued' && view.status.why === 'agentLost';
  const answer = lastAnswer(view);
  const place = line === null ? null : line.place;
  let title = line === null ? 'Finding your place.' : placeOf(line);
  if (lost) title = `${agentBefore(view)} lost connection.`;
  let note = answer === null ? null : `We have your answer: ${answer.choice}.`;
  if (line !== null && line.rose) note = 'Somebody came back to a place we had kept for them.';
  if (lost) note = line === null || place === 1 ? 'You are first for the next person.' : placeOf(line);
  return {
    kind: 'waiting',
    title,
    wait: line === null ? '' : waitWords(line.expected),
    note,
    age: ageWords(line === null ? 0 : now - line.receivedAt),
    openTasks,
    answered: answer && answer.taskId,
    known: line !== null,
  };
}

function connectedScreen(
  state: TvState,
  view: InteractionView,
  agent: string,
  openTasks: number,
  looking: Looking,
): HelpScreen {
  const { messages } = view;
  const answer = lastAnswer(view);
  const said = messages.length;
  const byAgent = said > 0 && lastOf(messages).from === 'agent';
  const toAnswer = said > 0 && (byAgent || looking.answerAnew === said);
  const standing = standingExplanation(view);
  const nothing = `${agent} reads what this TV told us. Nothing to do for now.`;
  return {
    kind: 'connected',
    agent,
    messages: latestMessages(messages),
    writing: state.agentWriting,
    text: standing || (answer === null ? nothing : `${agent} has your answer: ${answer.choice}.`),
    openTasks,
    toAnswer: toAnswer ? said : null,
    answered: said > 0 && !toAnswer ? said : null,
    answeredTask: said === 0 && standing === null ? answer && answer.taskId : null,
  };
}

/** What is left to try after a check that found the fault. */
function moreWords(open: number): string {
  if (open === 0) return 'A person can help from here.';
  return open === 1 ? 'There is one more thing to try.' : `There are ${open} more things to try.`;
}

function closureScreen(how: 'verified' | 'claimed', company: Company): HelpScreen {
  return {
    kind: 'closure',
    how,
    title: outcomeWords(how),
    text: how === 'verified' ? 'The fault is gone from this TV.' : 'Watch for a moment before you decide.',
    company,
  };
}

/** The words of an outcome, never merged (B3). */
function outcomeWords(how: 'verified' | 'claimed'): string {
  return how === 'verified' ? 'Fixed. We checked.' : 'You told us it works. We could not check.';
}

function endedScreen(view: InteractionView): HelpScreen | null {
  const { status } = view;
  const ended = (title: string, text: string, mayAskAgain = false): HelpScreen => ({
    kind: 'ended',
    title,
    text,
    fix: null,
    mayAskAgain,
  });
  const fixed = (fix: 'verified' | 'claimed'): HelpScreen => ({
    kind: 'ended',
    title: 'All done.',
    text: outcomeWords(fix),
    fix,
    mayAskAgain: false,
  });
  if (status.kind === 'wrapUp') {
    if (status.fix !== null) return fixed(status.fix);
    return status.by === 'viewer'
      ? ended('You left help.', 'Come back whenever you like.')
      : ended(
          'Help has ended.',
          `${status.agent === null ? 'We' : firstName(status.agent.name)} will note what was tried.`,
          true,
        );
  }
  if (status.kind === 'closed') {
    switch (status.disposition) {
      case 'fixedVerified':
        return fixed('verified');
      case 'fixedClaimed':
        return fixed('claimed');
      case 'followUp':
        return ended('Not fixed yet.', 'We look into it and come back to you.', true);
      case 'passedOn':
        return ended('We passed it on.', 'The people who can solve this have what you told us.', true);
      case 'customerLeft':
        return ended('You left help.', 'Come back whenever you like.');
    }
  }
  if (status.kind === 'abandoned') {
    return status.reason === 'invitationUnanswered' || status.reason === 'invitationWithdrawn'
      ? ended('Somebody wanted to help you.', 'Ask for help whenever you like.')
      : ended('This TV was away for too long.', 'Your place is given up. You can ask again.', true);
  }
  return null;
}

function companyOf(state: TvState, view: InteractionView): Company {
  if (view.status.kind === 'active') {
    const said = view.messages.filter(({ from }) => from === 'agent');
    return {
      kind: 'agent',
      name: firstName(view.status.agent.name),
      lastMessage: said.length === 0 ? null : lastOf(said).text,
    };
  }
  if (view.status.kind === 'queued' || view.status.kind === 'offered') {
    return { kind: 'line', place: state.line === null ? 'Your place is kept.' : placeOf(state.line) };
  }
  return { kind: 'nobody' };
}

/** Nobody is next while nobody is there to come. */
function placeOf({ place, expected }: NonNullable<TvState['line']>): string {
  return placeWords(place, expected !== null);
}

function shown(view: InteractionView, task: TaskOfView): TaskShown {
  return {
    id: task.id,
    number: view.tasks.indexOf(task) + 1,
    title: task.title,
    detail: task.detail || null,
    picture: task.picture || null,
    choices: task.choices || null,
  };
}

/** The task whose check failed, when nothing came after it. */
function lastFailed(view: InteractionView): string | null {
  for (let index = view.timeline.length - 1; index >= 0; index--) {
    const { event } = view.timeline[index] as InteractionView['timeline'][number];
    if (event.type === 'diagnosisGiven' || event.type === 'accepted') return null;
    if (event.type === 'taskChanged') return event.status === 'failed' ? event.taskId : null;
  }
  return null;
}

/** What helped, while the offer of closure that follows it (IX12) is still on its way: no other task shows in between. */
function justFixed(view: InteractionView): 'verified' | 'claimed' | null {
  const last = view.timeline[view.timeline.length - 1];
  if (!last || last.event.type !== 'taskChanged') return null;
  const { status } = last.event;
  return status === 'verified' || status === 'claimed' ? status : null;
}

function changedAt(view: InteractionView, taskId: string): number {
  for (let index = view.timeline.length - 1; index >= 0; index--) {
    const { event, at } = view.timeline[index] as InteractionView['timeline'][number];
    if (event.type === 'taskChanged' && event.taskId === taskId) return at;
  }
  return view.openedAt;
}

/** Who it was with before it came back to the line. */
function agentBefore(view: InteractionView): string {
  for (let index = view.timeline.length - 1; index >= 0; index--) {
    const { event } = view.timeline[index] as InteractionView['timeline'][number];
    if (event.type === 'accepted') return firstName(event.agent.name);
  }
  return 'The person helping you';
}

function lastOf<T>(list: readonly T[]): T {
  return list[list.length - 1] as T;
}
