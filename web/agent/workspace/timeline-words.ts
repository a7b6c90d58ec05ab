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
  /** Who said or did it: "TV", "Sam", "The viewer", "Couchline". */
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
    if (words !== null && (filter === 'all' || filter === `${words.kind}s`)) lines.push({ seq, at, ...words });
  }
  return lines;
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
        text: list === '' ? `Sent ${what}: ${diagnosis.explanation}` : `Sent ${what}: ${list}`,
        ...(list === '' || diagnosis.explanation === '' ? {} : { detail: diagnosis.explanation }),
      };
    }
    case 'taskChanged':
      return taskChanged(event, titles.get(event.taskId) ?? 'A task', agent);
    case 'queued':
      return { kind: 'event', icon: 'clock', who: 'Couchline', text: QUEUED[event.why](event.match.queueName) };
    case 'offered':
      return { kind: 'event', icon: 'bell', who: 'Couchline', text: `Offered to ${event.agent.name}` };
    case 'offerEnded':
      return { kind: 'event', icon: 'bell', who: 'Couchline', text: OFFER_ENDED[event.why] };
    case 'accepted':
      return { kind: 'event', icon: 'person', who: event.agent.name, text: 'Joined' };
    case 'invited':
      return {
        kind: 'event',
        icon: 'person',
        who: event.agent.name,
        text: 'Asked the viewer: Would you like to begin?',
      };
    case 'closureOffered':
      return {
        kind: 'event',
        icon: 'check',
        who: 'Couchline',
        text:
          event.how === 'verified'
            ? 'The fix is verified. The viewer was asked whether help can end.'
            : 'The viewer says it works. The viewer was asked whether help can end.',
      };
    case 'closureDeclined':
      return { kind: 'event', icon: 'person', who: 'The viewer', text: 'Still needs help' };
    case 'updated':
      return updated(event);
    case 'messageSent':
      return { kind: 'message', icon: 'message', who: event.name, text: event.text, side: event.from };
    case 'tvLost':
      return { kind: 'event', icon: 'lost', who: 'TV', text: 'Not online' };
    case 'tvBack':
      return { kind: 'event', icon: 'tv', who: 'TV', text: 'Online again' };
    case 'ended':
      return {
        kind: 'event',
        icon: 'leave',
        who: event.by === 'viewer' ? 'The viewer' : agent,
        text: 'Ended help',
        ...(event.fix === null
          ? {}
          : { detail: event.fix === 'verified' ? 'Fixed: the TV checked.' : 'Fixed: the viewer says so.' }),
      };
    case 'closed':
      return { kind: 'event', icon: 'check', who: CLOSED_BY[event.by](agent), text: 'Closed' };
    case 'abandoned':
      return { kind: 'event', icon: 'leave', who: 'The viewer', text: ABANDONED[event.reason] };
  }
}

const QUEUED = {
  joined: (queue: string) => `In line for ${queue}`,
  declined: (queue: string) => `Back in line for ${queue}: the offer was declined`,
  offerExpired: (queue: string) => `Back in line for ${queue}: the offer was not answered`,
  agentLost: (queue: string) => `Back in line for ${queue}: the agent lost connection`,
  stillNeedsHelp: (queue: string) => `Back in line for ${queue}: the fix did not hold`,
};

const OFFER_ENDED = {
  declined: 'Offer declined',
  expired: 'Offer not answered',
  agentLost: 'Offer ended: the agent lost connection',
  viewerLeft: 'Offer ended: the viewer left',
  fixed: 'Offer ended: the TV works again',
};

const CLOSED_BY = {
  viewer: () => 'The viewer',
  agent: (name: string) => name,
  service: () => 'Couchline',
};

const ABANDONED = {
  left: 'Left',
  absent: 'Did not come back online',
  invitationDeclined: 'Said no to the invitation',
  invitationUnanswered: 'Did not answer the invitation',
  agentLost: 'Was told that nobody is there: the agent lost connection',
  invitationWithdrawn: 'Was not asked any more: the invitation was taken back',
};

function requested(event: Extract<InteractionEvent, { type: 'requested' }>): Words {
  const { fault } = event.request;
  if (event.origin === 'agent') {
    return { kind: 'event', icon: 'tv', who: 'Couchline', text: `Opened for ${event.tv.name}` };
  }
  if (fault === null) return { kind: 'event', icon: 'tv', who: 'The viewer', text: 'Asked for help' };
  const facts = factsLine(fault.detail);
  return {
    kind: 'event',
    icon: 'tv',
    who: 'The viewer',
    text: `Asked for help: ${fault.title}`,
    ...(facts === '' ? {} : { detail: facts }),
  };
}

function updated(event: Extract<InteractionEvent, { type: 'updated' }>): Words | null {
  if (event.fault) {
    const facts = factsLine(event.fault.detail);
    return {
      kind: 'event',
      icon: 'warn',
      who: 'TV',
      text: `New fault: ${event.fault.title}`,
      ...(facts === '' ? {} : { detail: facts }),
    };
  }
  if (event.fault === null) return { kind: 'event', icon: 'check', who: 'TV', text: 'Does not see the fault any more' };
  if (event.screen) {
    const where = event.screen.path.join(' › ');
    return { kind: 'event', icon: 'tv', who: 'TV', text: where === '' ? 'Shows another screen' : `Shows ${where}` };
  }
  return null;
}

const VIEWER_SAID: Partial<Record<TaskStatus, string>> = {
  checking: 'Says it works. The TV is checking',
  claimed: 'Says it works. Not checked',
  notHelped: 'Says it still does not work',
  cannot: 'Cannot do it',
};

function taskChanged(event: Extract<InteractionEvent, { type: 'taskChanged' }>, title: string, agent: string): Words {
  const { icon } = statusWords(event.status);
  const detail = event.evidence === undefined || event.evidence === '' ? {} : { detail: event.evidence };
  const base = { kind: 'task', icon, ...detail } as const;
  switch (event.status) {
    case 'verified':
      return { ...base, who: 'TV', text: `Verified: ${title}` };
    case 'failed':
      return { ...base, who: 'TV', text: `The fault is still there after: ${title}` };
    case 'answered':
      return { ...base, who: 'The viewer', text: `${title} “${event.choice ?? ''}”` };
    case 'withdrawn':
      return { ...base, who: agent, text: `Took back: ${title}` };
    case 'todo':
      return { ...base, who: 'Couchline', text: `To do again: ${title}` };
    default:
      return { ...base, who: 'The viewer', text: `${VIEWER_SAID[event.status] ?? ''}: ${title}` };
  }
}
