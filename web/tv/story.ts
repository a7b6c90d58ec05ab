/**
 * Which help screen stands for a state of the connector, as data; the views draw it. Pure, so that
 * every state can be shown and tested without a service. What this version cannot do (phone,
 * calls) is not among the choices (B8).
 */
import type { InteractionView, TvState } from '../connector/types.ts';
import type { TaskPicture } from '../../src/diagnosis/diagnosis.ts';
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
  | { kind: 'checking'; task: TaskShown; startedAt: number; seconds: number }
  | { kind: 'outcome'; taskId: string; title: string; text: string; openTasks: number; company: Company }
  | { kind: 'closure'; how: 'verified' | 'claimed'; title: string; text: string; company: Company }
  | { kind: 'invited'; agent: string; line: string }
  | {
      kind: 'connected';
      agent: string;
      messages: { from: 'agent' | 'viewer'; name: string; text: string }[];
      /** The agent is writing another. */
      writing: boolean;
      explanation: string | null;
      openTasks: number;
    }
  | { kind: 'ended'; title: string; text: string; fix: 'verified' | 'claimed' | null; mayAskAgain: boolean };

/** Who is there while a task is done. */
export type Company =
  { kind: 'nobody' } | { kind: 'line'; place: string } | { kind: 'agent'; name: string; lastMessage: string | null };

/** A check takes no longer than this, unless it must watch for longer. Seconds. */
const CHECK_SECONDS = 20;
/** What one screen holds of messages, in characters; the name above each takes as much as `MESSAGE_HEAD`. */
const MESSAGES_HOLD = 480;
const MESSAGE_HEAD = 60;

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
    };
  }
  const fix = view.closure === null ? justFixed(view) : view.closure.how;
  if (fix !== null) return closureScreen(fix, companyOf(state, view));
  const company = companyOf(state, view);
  const open = view.tasks.filter(({ status }) => status === 'todo');
  const failed = lastFailed(view);
  if (failed !== null && failed !== looking.seenOutcome) {
    return {
      kind: 'outcome',
      taskId: failed,
      title: 'The TV still shows the fault.',
      text: open.length > 0 ? 'There is one more thing to try.' : 'A person can help from here.',
      openTasks: open.length,
      company,
    };
  }
  if (open.length > 0 && showsTasks(view, open, looking)) return taskScreen(view, open, looking, company);
  const explanation = view.explanations.length === 0 ? null : lastOf(view.explanations).text;
  switch (view.status.kind) {
    case 'active':
      return {
        kind: 'connected',
        agent: firstName(view.status.agent.name),
        messages: latestMessages(view.messages),
        writing: state.agentWriting,
        explanation,
        openTasks: open.length,
      };
    case 'queued':
    case 'offered':
      return waitingScreen(state, view, open.length, now);
    default:
      return {
        kind: 'selfService',
        title: view.tasks.length > 0 ? 'That did not help yet.' : 'Looking for what can help.',
        explanation: view.tasks.length > 0 ? 'A person can take it from here. They see what you tried.' : explanation,
        openTasks: open.length,
      };
  }
}

/**
 * By oneself, tasks are what help is. In the line and with a person they wait to be wanted, except
 * for what the person sent: that comes to the front by itself.
 */
function showsTasks(view: InteractionView, open: readonly TaskOfView[], looking: Looking): boolean {
  if (view.status.kind === 'selfService' || looking.atTasks) return true;
  return view.status.kind === 'active' && open.some((task) => isFromAgent(view, task));
}

function taskScreen(
  view: InteractionView,
  open: readonly TaskOfView[],
  looking: Looking,
  company: Company,
): HelpScreen {
  const ids = open.map(({ id }) => id);
  const fromAgent = open.filter((task) => company.kind === 'agent' && isFromAgent(view, task))[0];
  const wanted = ids.indexOf(looking.taskId || '');
  const at = wanted !== -1 ? wanted : Math.max(0, ids.indexOf(fromAgent ? fromAgent.id : ''));
  const task = open[at] as TaskOfView;
  const explained = explanationOf(view, task);
  return {
    kind: 'task',
    task: shown(view, task),
    previous: ids[at - 1] || null,
    next: ids[at + 1] || null,
    open: open.length,
    explanation: explained ? explained.text : null,
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
  const place = line === null ? null : line.place;
  let title = 'Finding your place.';
  if (place !== null) title = placeWords(place);
  if (lost) title = `${agentBefore(view)} lost connection.`;
  const lostNote = place === null || place <= 1 ? 'You are first for the next person.' : placeWords(place);
  const roseNote = 'Somebody came back to a place we had kept for them.';
  return {
    kind: 'waiting',
    title,
    wait: line === null ? '' : waitWords(line.expected),
    note: lost ? lostNote : line !== null && line.rose ? roseNote : null,
    age: ageWords(line === null ? 0 : now - line.receivedAt),
    openTasks,
    known: line !== null,
  };
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
        );
  }
  if (status.kind === 'closed') {
    switch (status.disposition) {
      case 'fixedVerified':
        return fixed('verified');
      case 'fixedClaimed':
        return fixed('claimed');
      case 'followUp':
        return ended('Not fixed yet.', 'We look into it and come back to you.');
      case 'passedOn':
        return ended('We passed it on.', 'The people who can solve this have what you told us.');
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

type Messages = InteractionView['messages'];

/** As many of the latest as one screen holds without crowding: three at most, the last one always. */
function latestMessages(messages: Messages): Messages {
  const shown: Messages = [];
  let room = MESSAGES_HOLD;
  for (const message of messages.slice(-3).reverse()) {
    room -= message.text.length + MESSAGE_HEAD;
    if (room < 0 && shown.length > 0) break;
    shown.unshift({ ...message, name: firstName(message.name) });
  }
  return shown;
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
    return { kind: 'line', place: state.line === null ? 'Your place is kept.' : placeWords(state.line.place) };
  }
  return { kind: 'nobody' };
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
