import { Button } from 'react-aria-components';
import type { TaskView } from '../../../src/protocol/view.ts';
import { StatusMark } from './StatusMark.tsx';
import { checkWords, howWeKnow } from './task-words.ts';

interface Props {
  tasks: TaskView[];
  canWithdraw: boolean;
  onWithdraw(task: TaskView): void;
}

/** What was sent to the TV, and how each task stands as the TV reports it. */
export function SentTasks({ tasks, canWithdraw, onWithdraw }: Props) {
  if (tasks.length === 0) return <p className="quiet">Nothing is sent yet.</p>;
  return (
    <ol className="sent-tasks" aria-live="polite" aria-relevant="additions text">
      {tasks.map((task) => (
        <li key={task.id} className={task.status === 'withdrawn' ? 'withdrawn' : ''}>
          <p>{task.title}</p>
          <div className="task-state">
            <StatusMark status={task.status} />
            {task.status === 'todo' && canWithdraw ? (
              <Button
                className="button plain small-button"
                aria-label={`Take back: ${task.title}`}
                onPress={() => onWithdraw(task)}
              >
                Take back
              </Button>
            ) : null}
          </div>
          <p className="quiet small">
            {task.status === 'todo' && task.check !== undefined
              ? `Waiting for the viewer. Then the TV ${checkWords(task.check)}.`
              : howWeKnow(task)}
          </p>
        </li>
      ))}
    </ol>
  );
}
