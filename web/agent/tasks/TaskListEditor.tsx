import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Icon } from '../parts/Icon.tsx';
import { TaskEditor } from './TaskEditor.tsx';
import { emptyTask, TASK_LIMITS } from './task-form.ts';
import type { FieldErrors, TaskForm } from './task-form.ts';

interface Props {
  tasks: TaskForm[];
  errors: FieldErrors;
  /** The first field of the first task takes the focus as it appears. */
  autoFocus?: boolean;
  onChange(tasks: TaskForm[]): void;
  /** What stands beside each task, such as its preview. */
  beside?: (task: TaskForm, place: number) => ReactNode;
}

/** Tasks in order: added, taken out, and moved by buttons. */
export function TaskListEditor({ tasks, errors, autoFocus = false, onChange, beside }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const added = useRef(false);
  useEffect(() => {
    if (!added.current) return;
    added.current = false;
    list.current?.querySelector<HTMLElement>('.task-row:last-of-type textarea')?.focus();
  }, [tasks.length]);
  const add = (question: boolean) => {
    added.current = true;
    onChange([...tasks, emptyTask(question)]);
  };
  const move = (from: number, step: -1 | 1) => {
    const next = [...tasks];
    const [moved] = next.splice(from, 1);
    if (moved) next.splice(from + step, 0, moved);
    onChange(next);
  };
  return (
    <div className="task-list-editor" ref={list}>
      {tasks.map((task, i) => (
        <div key={task.key} className={beside === undefined ? 'task-row' : 'task-row with-beside'}>
          <TaskEditor
            task={task}
            place={i}
            of={tasks.length}
            errors={errors}
            prefix={`tasks.${i}.`}
            autoFocus={autoFocus && i === 0}
            onChange={(changed) => onChange(tasks.map((other) => (other.key === task.key ? changed : other)))}
            onMove={(step) => move(i, step)}
            onRemove={() => onChange(tasks.filter((other) => other.key !== task.key))}
          />
          {beside?.(task, i)}
        </div>
      ))}
      {errors['tasks'] === undefined ? null : <p className="field-error">{errors['tasks']}</p>}
      {tasks.length < TASK_LIMITS.tasks ? (
        <div className="actions">
          <Button className="button" onPress={() => add(false)}>
            <Icon name="add" />
            Add a task
          </Button>
          <Button className="button" onPress={() => add(true)}>
            <Icon name="add" />
            Add a question
          </Button>
        </div>
      ) : null}
    </div>
  );
}
