/** What was said in an interaction, and what of it still asks for a word. Pure. */
import type { InteractionView } from '../connector/types.ts';
import { firstName } from './words.ts';

type Messages = InteractionView['messages'];

/** What one screen holds of messages, in characters; the name above each takes as much as `MESSAGE_HEAD`. */
const MESSAGES_HOLD = 480;
const MESSAGE_HEAD = 60;

/** As many of the latest as one screen holds without crowding: three at most, the last one always. */
export function latestMessages(messages: Messages): Messages {
  const shown: Messages = [];
  let room = MESSAGES_HOLD;
  for (const message of messages.slice(-3).reverse()) {
    room -= message.text.length + MESSAGE_HEAD;
    if (room < 0 && shown.length > 0) break;
    shown.unshift({ ...message, name: message.from === 'viewer' ? 'You' : firstName(message.name) });
  }
  return shown;
}

/**
 * The latest explanation that still says something: once all its tasks are answered it asks for
 * what is known, or tells of what was tried.
 */
export function standingExplanation({ explanations, tasks }: InteractionView): string | null {
  const standing = explanations.filter(({ diagnosisId, text }) => {
    if (text === '') return false;
    const own = tasks.filter((task) => task.diagnosisId === diagnosisId && task.status !== 'withdrawn');
    return own.length === 0 || own.some(({ status }) => status === 'todo' || status === 'checking');
  });
  return standing.length === 0 ? null : (standing[standing.length - 1] as (typeof standing)[number]).text;
}

/** The question that was answered last, with its answer. */
export function lastAnswer(view: InteractionView): { taskId: string; choice: string } | null {
  for (let index = view.timeline.length - 1; index >= 0; index--) {
    const { event } = view.timeline[index] as InteractionView['timeline'][number];
    if (event.type === 'taskChanged' && event.status === 'answered' && event.choice !== undefined) {
      return { taskId: event.taskId, choice: event.choice };
    }
  }
  return null;
}
