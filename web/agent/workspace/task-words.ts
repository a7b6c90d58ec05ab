/** How a task stands, as an icon and a word: told apart without colour, and never merged (B3). */
import type { TaskStatus } from '../../../src/interaction/interaction.ts';
import type { TaskView } from '../../../src/protocol/view.ts';
import type { Check } from '../../../src/diagnosis/diagnosis.ts';
import type { IconName } from '../parts/Icon.tsx';

export interface StatusWords {
  icon: IconName;
  word: string;
  /** How we know. */
  how: string;
  tone: 'ok' | 'info' | 'warn' | 'bad' | '';
}

const WORDS: Record<TaskStatus, StatusWords> = {
  todo: { icon: 'circle', word: 'On the TV', how: 'Waiting for the viewer.', tone: '' },
  checking: { icon: 'running', word: 'Checking', how: 'The viewer says it works. The TV is checking.', tone: 'info' },
  verified: { icon: 'check', word: 'Verified', how: 'The TV checked: the fault is gone.', tone: 'ok' },
  claimed: { icon: 'half', word: 'Claimed', how: 'The viewer says it works. The TV could not check.', tone: 'warn' },
  failed: { icon: 'cross', word: 'Failed', how: 'The TV checked: the fault is still there.', tone: 'bad' },
  notHelped: { icon: 'cross', word: 'Did not help', how: 'The viewer says it still does not work.', tone: 'bad' },
  cannot: { icon: 'minus', word: 'Cannot do it', how: 'The viewer cannot do this.', tone: 'warn' },
  answered: { icon: 'answer', word: 'Answered', how: 'The viewer answered.', tone: 'info' },
  withdrawn: { icon: 'back', word: 'Taken back', how: 'You took it back.', tone: '' },
};

export function statusWords(status: TaskStatus): StatusWords {
  return WORDS[status];
}

/** One line on how the task came to stand so: the check's own evidence, the viewer's choice, or our words. */
export function howWeKnow(task: TaskView): string {
  if (task.status === 'answered' && task.choice !== undefined) return `The viewer answered: “${task.choice}”.`;
  if (task.evidence !== undefined && task.evidence !== '') {
    return `${WORDS[task.status].how} ${task.evidence}`;
  }
  if (task.status === 'claimed' && task.check === undefined) return 'The viewer says it works. There is no check.';
  return WORDS[task.status].how;
}

/** "The TV checks it: 10 s of picture." */
export function checkWords(check: Check): string {
  switch (check.kind) {
    case 'playback':
      return `plays the stream for ${check.seconds} s`;
    case 'network':
      return check.url === undefined ? 'reaches the service' : `reaches ${check.url}`;
    case 'fault':
      return `sees whether ${check.code} is gone`;
    case 'host':
      return `runs its check “${check.name}”`;
  }
}
