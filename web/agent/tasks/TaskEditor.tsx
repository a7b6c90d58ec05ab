import { useState } from 'react';
import { Button, Group } from 'react-aria-components';
import { Field, Pick } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { CHECKS, FIRST_CHOICES, PICTURES, TASK_LIMITS } from './task-form.ts';
import type { FieldErrors, TaskForm } from './task-form.ts';

interface Props {
  task: TaskForm;
  /** From 0. */
  place: number;
  of: number;
  errors: FieldErrors;
  /** Stands before this task's paths in `errors`. */
  prefix: string;
  /** The first field takes the focus. */
  autoFocus: boolean;
  onChange(task: TaskForm): void;
  onMove(step: -1 | 1): void;
  onRemove(): void;
}

const PICTURE_OPTIONS = [{ id: '', label: 'No picture' } as const, ...PICTURES];

/** One task or question: everything that one TV screen needs. */
export function TaskEditor({ task, place, of, errors, prefix, autoFocus, onChange, onMove, onRemove }: Props) {
  const isQuestion = task.choices !== null;
  // While a question waits nothing happens; what somebody wrote there all the same stays to be read.
  const [hadDetail] = useState(task.detail !== '');
  const name = `${isQuestion ? 'Question' : 'Task'} ${place + 1}`;
  const at = (path: string) => errors[prefix + path];
  return (
    <Group className="task-editor" aria-label={name}>
      <div className="task-editor-head">
        <h4>{name}</h4>
        <Button
          className="button plain icon-only"
          aria-label={`Move ${name} up`}
          isDisabled={place === 0}
          onPress={() => onMove(-1)}
        >
          <Icon name="up" />
        </Button>
        <Button
          className="button plain icon-only"
          aria-label={`Move ${name} down`}
          isDisabled={place === of - 1}
          onPress={() => onMove(1)}
        >
          <Icon name="down" />
        </Button>
        <Button className="button plain icon-only" aria-label={`Remove ${name}`} onPress={onRemove}>
          <Icon name="close" />
        </Button>
      </div>
      <Field
        label={isQuestion ? 'Question' : 'What to do'}
        {...(isQuestion ? {} : { hint: 'Starts with a verb: it is the heading on the TV.' })}
        name={`${prefix}title`}
        rows={2}
        value={task.title}
        error={at('title')}
        autoFocus={autoFocus}
        onChange={(title) => onChange({ ...task, title: title.replace(/\n/g, ' ') })}
      />
      {isQuestion && !hadDetail && task.detail === '' ? null : (
        <Field
          label={isQuestion ? 'More about it (optional)' : 'What happens meanwhile (optional)'}
          name={`${prefix}detail`}
          rows={2}
          value={task.detail}
          error={at('detail')}
          onChange={(detail) => onChange({ ...task, detail })}
        />
      )}
      {task.choices === null ? (
        <CheckFields {...{ task, at, prefix, onChange }} />
      ) : (
        <Choices {...{ task, at, prefix, onChange }} />
      )}
      <Pick
        label="Picture"
        value={task.picture}
        options={PICTURE_OPTIONS}
        onChange={(picture) => onChange({ ...task, picture })}
      />
      <Button
        className="button plain"
        onPress={() => onChange({ ...task, choices: isQuestion ? null : [...FIRST_CHOICES] })}
      >
        {isQuestion ? 'Make it a task' : 'Make it a question'}
      </Button>
    </Group>
  );
}

interface PartProps {
  task: TaskForm;
  at(path: string): string | undefined;
  prefix: string;
  onChange(task: TaskForm): void;
}

function CheckFields({ task, at, prefix, onChange }: PartProps) {
  const { check } = task;
  const set = (part: Partial<TaskForm['check']>) => onChange({ ...task, check: { ...check, ...part } });
  return (
    <>
      <Pick label="How the TV checks it" value={check.kind} options={CHECKS} onChange={(kind) => set({ kind })} />
      {at('check') === undefined ? null : <p className="field-error">{at('check')}</p>}
      {check.kind === 'playback' ? (
        <Field
          label="Seconds to play"
          name={`${prefix}check.seconds`}
          value={check.seconds}
          error={at('check.seconds')}
          onChange={(seconds) => set({ seconds })}
        />
      ) : null}
      {check.kind === 'network' ? (
        <Field
          label="Address"
          hint="Empty: the service’s own."
          name={`${prefix}check.url`}
          value={check.url}
          error={at('check.url')}
          onChange={(url) => set({ url })}
        />
      ) : null}
      {check.kind === 'fault' ? (
        <Field
          label="Fault code"
          inputClassName="id"
          name={`${prefix}check.code`}
          value={check.code}
          error={at('check.code')}
          onChange={(code) => set({ code })}
        />
      ) : null}
      {check.kind === 'host' ? (
        <Field
          label="Name of the check"
          inputClassName="id"
          name={`${prefix}check.name`}
          value={check.name}
          error={at('check.name')}
          onChange={(name) => set({ name })}
        />
      ) : null}
    </>
  );
}

function Choices({ task, at, prefix, onChange }: PartProps) {
  const choices = task.choices ?? [];
  const set = (next: string[]) => onChange({ ...task, choices: next });
  return (
    <Group className="choices-editor" aria-label="Answers">
      {choices.map((choice, i) => (
        <div key={i} className="row">
          <Field
            label={`Answer ${i + 1}`}
            name={`${prefix}choices.${i}`}
            value={choice}
            error={at(`choices.${i}`)}
            onChange={(value) => set(choices.map((other, j) => (j === i ? value : other)))}
          />
          {choices.length > 2 ? (
            <Button
              className="button plain icon-only"
              aria-label={`Remove answer ${i + 1}`}
              onPress={() => set(choices.filter((_, j) => j !== i))}
            >
              <Icon name="close" />
            </Button>
          ) : null}
        </div>
      ))}
      {at('choices') === undefined ? null : <p className="field-error">{at('choices')}</p>}
      {choices.length < TASK_LIMITS.choices ? (
        <Button className="button plain" onPress={() => set([...choices, ''])}>
          <Icon name="add" />
          Add an answer
        </Button>
      ) : null}
    </Group>
  );
}
