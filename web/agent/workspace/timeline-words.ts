/** What happened, in words: each event of an interaction as one line of the timeline. */
import type { InteractionEvent } from '../../../src/interaction/event.ts';
import type { TaskStatus } from '../../../src/interaction/interaction.ts';
import type { InteractionView } from '../../../src/protocol/view.ts';
import { count } from '../parts/time.ts';
import type { IconName } from '../parts/Icon.tsx';
import { factsLine } from './fact-words.ts';
import { statusWords } from './task-words.ts';

export type TimelineFilter = 'all' | 'messages' | 'tasks';

export interface TimelineLine {
  seq: number;
  at: number;
  kind: 'message' | 'task' | 'event';
  icon: IconName;
  /** Who said or did it: "The TV", "Sam", "The viewer", "Couchline". Except for messages, `text` goes on from there. */
  who: string;
  text: string;
  /** A second line: the message's explanation, the evidence. */
  detail?: string;
  /** Where a message stands: the agent's on the right. */
  side?: 'agent' | 'viewer';
}

/** The lines of a timeline, the earliest first; events that say nothing to people are left out. */
export function timelineLines(view: InteractionView, filter: TimelineFilter): TimelineLine[] {
  const titles = new Map<string, string>();
  const lines: TimelineLine[] = [];
  let joined = false;
  let path = '';
  /** The screens of the run that the last line stands for; empty when it is about something else. */
  const wheres: string[] = [];
  for (const { seq, at, event } of view.timeline) {
    const shown =
      event.type === 'requested' ? event.request.screen : event.type === 'updated' ? event.screen : undefined;
    const stays = shown !== undefined && shown.path.join('\n') === path;
    path = shown?.path.join('\n') ?? path;
    // The focus moves all the time; only another screen is news.
    if (stays && event.type === 'updated' && event.fault === undefined) continue;
    joined = joined || event.type === 'accepted';
    if (event.type === 'diagnosisGiven') {
      for (const task of event.diagnosis.tasks) titles.set(task.id, task.title);
    }
    const words = lineOf(event, titles, agentName(view), joined);
    if (words === null || (filter !== 'all' && filter !== `${words.kind}s`)) continue;
    const where = isScreenAlone(event) ? path : null;
    const last = lines.at(-1);
    if (where !== null && last !== undefined && wheres.length > 0) {
      // Screen after screen is one line, of where it led to.
      lines[lines.length - 1] = { seq, at, ...words, detail: beforeThat(wheres) };
    } else {
      wheres.length = 0;
      lines.push({ seq, at, ...words });
    }
    if (where === null) wheres.length = 0;
    else wheres.push(where.replaceAll('\n', ' › '));
  }
  return lines;
}

function isScreenAlone(event: InteractionEvent): boolean {
  return event.type === 'updated' && event.fault === undefined && event.screen !== undefined;
}

/** "Before that: Help › Waiting · Help › Task 1": the latest three. */
function beforeThat(wheres: readonly string[]): string {
  return `Before that: ${wheres.length > 3 ? '… · ' : ''}${wheres.slice(-3).join(' · ')}`;
}

function agentName(view: InteractionView): string {
  for (let i = view.timeline.length - 1; i >= 0; i -= 1) {
    const event = view.timeline[i]?.event;
    if (event?.type === 'accepted' || event?.type === 'invited') return event.agent.name;
  }
  return 'The agent';
}

type Words = Omit<TimelineLine, 'seq' | 'at'>;

function lineOf(
  event: InteractionEvent,
  titles: ReadonlyMap<string, string>,
  agent: string,
  joined: boolean,
): Words | null {
  switch (event.type) {
    case 'requested':
      return requested(event);
    case 'diagnosisGiven': {
      const { diagnosis } = event;
      const questions = diagnosis.tasks.filter((task) => task.choices !== undefined).length;
      const what =
        diagnosis.tasks.length === 0
          ? 'an explanation'
          : questions === diagnosis.tasks.length
            ? count(questions, 'question')
            : count(diagnosis.tasks.length, 'task');
      const list = diagnosis.tasks.map((task) => task.title).join(' · ');
      return {
        kind: 'task',
        icon: 'task',
        // Before anyone joined, only the automated service can have sent it.
        who: joined ? agent : 'Automatic help',
        text: list === '' ? `sent ${what}: ${diagnosis.explanation}` : `sent ${what}: ${list}`,
        ...(list === '' || diagnosis.explanation === '' ? {} : { detail: diagnosis.explanation }),
      };
    }
    case 'taskChanged':
      return taskChanged(event, titles.get(event.taskId) ?? 'A task', agent);
    case 'queued':
      return { kind: 'event', icon: 'clock', who: 'Couchline', text: QUEUED[event.why](event.match.queueName) };
    case 'offered':
      return { kind: 'event', icon: 'bell', who: 'Couchline', text: `offered it to ${event.agent.name}` };
    case 'offerEnded':
      return { kind: 'event', icon: 'bell', who: 'Couchline', text: OFFER_ENDED[event.why] };
    case 'accepted':
      return { kind: 'event', icon: 'person', who: event.agent.name, text: 'joined' };
    case 'invited':
      return {
        kind: 'event',
        icon: 'person',
        who: event.agent.name,
        text: 'asked the viewer: Would you like to begin?',
      };
    case 'closureOffered':
      return {
        kind: 'event',
        icon: 'check',
        who: 'Couchline',
        text:
          event.how === 'verified'
            ? 'asked the viewer whether help can end: the fix is verified'
            : 'asked the viewer whether help can end: the viewer says it works',
      };
    case 'closureDeclined':
      return { kind: 'event', icon: 'person', who: 'The viewer', text: 'still needs help' };
    case 'updated':
      return updated(event);
    case 'messageSent':
      return { kind: 'message', icon: 'message', who: event.name, text: event.text, side: event.from };
    case 'tvLost':
      return { kind: 'event', icon: 'lost', who: 'The TV', text: 'is not online' };
    case 'tvBack':
      return { kind: 'event', icon: 'tv', who: 'The TV', text: 'is online again' };
    case 'ended':
      return {
        kind: 'event',
        icon: 'leave',
        who: event.by === 'viewer' ? 'The viewer' : agent,
        text: 'ended help',
        ...(event.fix === null
          ? {}
          : { detail: event.fix === 'verified' ? 'Fixed: the TV checked.' : 'Fixed: the viewer says so.' }),
      };
    case 'closed':
      return { kind: 'event', icon: 'check', who: CLOSED_BY[event.by](agent), text: 'closed it' };
    case 'abandoned':
      return { kind: 'event', icon: 'leave', who: 'The viewer', text: ABANDONED[event.reason] };
  }
}

const QUEUED = {
  joined: (queue: string) => `put the viewer in line for ${queue}`,
  declined: (queue: string) => `put the viewer back in line for ${queue}: the offer was declined`,
  offerExpired: (queue: string) => `put the viewer back in line for ${queue}: the offer was not answered`,
  agentLost: (queue: string) => `put the viewer back in line for ${queue}: the agent lost connection`,
  stillNeedsHelp: (queue: string) => `put the viewer back in line for ${queue}: the fix did not hold`,
};

const OFFER_ENDED = {
  declined: 'took the offer back: it was declined',
  expired: 'took the offer back: it was not answered',
  agentLost: 'took the offer back: the agent lost connection',
  viewerLeft: 'took the offer back: the viewer left',
  fixed: 'took the offer back: the TV works again',
};

const CLOSED_BY = {
  viewer: () => 'The viewer',
  agent: (name: string) => name,
  service: () => 'Couchline',
};

const ABANDONED = {
  left: 'left',
  absent: 'did not come back online',
  invitationDeclined: 'said no to the invitation',
  invitationUnanswered: 'did not answer the invitation',
  agentLost: 'was told that nobody is there: the agent lost connection',
  invitationWithdrawn: 'was not asked any more: the invitation was taken back',
};

function requested(event: Extract<InteractionEvent, { type: 'requested' }>): Words {
  const { fault } = event.request;
  if (event.origin === 'agent') {
    return { kind: 'event', icon: 'tv', who: 'Couchline', text: `opened this for ${event.tv.name}` };
  }
  if (fault === null) return { kind: 'event', icon: 'tv', who: 'The viewer', text: 'asked for help' };
  const facts = factsLine(fault.detail);
  return {
    kind: 'event',
    icon: 'tv',
    who: 'The viewer',
    text: `asked for help: ${fault.title}`,
    ...(facts === '' ? {} : { detail: facts }),
  };
}

function updated(event: Extract<InteractionEvent, { type: 'updated' }>): Words | null {
  if (event.fault) {
    const facts = factsLine(event.fault.detail);
    return {
      kind: 'event',
      icon: 'warn',
      who: 'The TV',
      text: `has a new fault: ${event.fault.title}`,
      ...(facts === '' ? {} : { detail: facts }),
    };
  }
  if (event.fault === null)
    return { kind: 'event', icon: 'check', who: 'The TV', text: 'does not see the fault any more' };
  if (event.screen) {
    const where = event.screen.path.join(' › ');
    return { kind: 'event', icon: 'tv', who: 'The TV', text: where === '' ? 'shows another screen' : `shows ${where}` };
  }
  return null;
}

const VIEWER_SAID: Partial<Record<TaskStatus, string>> = {
  checking: 'says it works, and the TV is checking',
  claimed: 'says it works, not checked',
  notHelped: 'says it still does not work',
  cannot: 'cannot do it',
};

function taskChanged(event: Extract<InteractionEvent, { type: 'taskChanged' }>, title: string, agent: string): Words {
  const { icon } = statusWords(event.status);
  const detail = event.evidence === undefined || event.evidence === '' ? {} : { detail: event.evidence };
  const base = { kind: 'task', icon, ...detail } as const;
  switch (event.status) {
    case 'verified':
      return { ...base, who: 'The TV', text: `verified: ${title}` };
    case 'failed':
      return { ...base, who: 'The TV', text: `still sees the fault after: ${title}` };
    case 'answered':
      return { ...base, who: 'The viewer', text: `answered “${event.choice ?? ''}”: ${title}` };
    case 'withdrawn':
      return { ...base, who: agent, text: `took back: ${title}` };
    case 'todo':
      return { ...base, who: 'Couchline', text: `gave it to do again: ${title}` };
    default:
      return { ...base, who: 'The viewer', text: `${VIEWER_SAID[event.status] ?? ''}: ${title}` };
  }
}
