/** The note that wrap-up starts from, drafted from the timeline: facts in order, nothing made up. */
import type { InteractionView, TaskView } from '../../../src/protocol/view.ts';
import { factsLine } from '../workspace/fact-words.ts';
import { statusWords } from '../workspace/task-words.ts';

/** Longest note that can be saved, in characters. */
export const NOTE_LIMIT = 4000;

/** A few lines of plain text, `NOTE_LIMIT` characters at most. */
export function draftNote(view: InteractionView): string {
  const lines = [opening(view), ...view.tasks.filter((task) => task.status !== 'withdrawn').map(taskLine)];
  const said = view.messages.filter((message) => message.from === 'viewer').length;
  const answered = view.messages.length - said;
  if (view.messages.length > 0) lines.push(`Messages: ${answered} from us, ${said} from the viewer.`);
  const lost = view.timeline.filter(({ event }) => event.type === 'tvLost').length;
  if (lost > 0) lines.push(`The TV was not online ${lost === 1 ? 'once' : `${lost} times`}.`);
  lines.push(ending(view));
  const note = lines.filter((line) => line !== '').join('\n');
  return note.length <= NOTE_LIMIT ? note : `${note.slice(0, NOTE_LIMIT - 1)}…`;
}

function opening(view: InteractionView): string {
  const { fault } = view.request;
  const device = `${view.tv.model}, firmware ${view.tv.firmware}`;
  if (fault === null) {
    return view.origin === 'agent' ? `We offered help. ${device}.` : `Asked for help, no fault known. ${device}.`;
  }
  const facts = factsLine(fault.detail);
  return `${fault.title}.${facts === '' ? '' : ` ${facts}.`} ${device}.`;
}

function taskLine(task: TaskView): string {
  const { word } = statusWords(task.status);
  const result = task.status === 'answered' ? `“${task.choice ?? ''}”` : word.toLowerCase();
  const evidence = (task.evidence ?? '').replace(/\.$/, '');
  const title = task.title.replace(/[.:]$/, '');
  const colon = title.endsWith('?') ? '' : ':';
  return `- ${title}${colon} ${task.status === 'todo' ? 'not answered' : result}${evidence === '' ? '' : `. ${evidence}.`}`;
}

function ending(view: InteractionView): string {
  if (view.status.kind !== 'wrapUp') return '';
  const by = view.status.by === 'viewer' ? 'The viewer ended help.' : 'We ended help.';
  if (view.status.fix === 'verified') return `${by} The TV checked: fixed.`;
  if (view.status.fix === 'claimed') return `${by} The viewer says it works.`;
  return by;
}
