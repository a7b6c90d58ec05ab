import type { TaskStatus } from '../../../src/interaction/interaction.ts';
import { Icon } from '../parts/Icon.tsx';
import { statusWords } from './task-words.ts';

/** Icon and word: told apart in greyscale. */
export function StatusMark({ status }: { status: TaskStatus }) {
  const { icon, word, tone } = statusWords(status);
  return (
    <span className={`badge ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
