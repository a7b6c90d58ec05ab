import { useRef, useState } from 'react';
import { Button, Checkbox, Form } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import { Field } from '../parts/Field.tsx';
import { messageOf } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
import { errorsInWords, focusFirstError } from '../parts/show-errors.ts';
import { TaskListEditor } from '../tasks/TaskListEditor.tsx';
import type { FieldErrors } from '../tasks/task-form.ts';
import { ApiFailure } from '../session/desk-api.ts';
import { entryErrors } from './entry-form.ts';
import type { EntryForm } from './entry-form.ts';
import { refusedField } from './problems.ts';
import { TvPreview } from './TvPreview.tsx';

interface Props {
  form: EntryForm;
  /** The entry's place in what is sent, to know its fields in a refusal. */
  index: number;
  /** What the service found in the draft as it was saved last. */
  problems: FieldErrors;
  warnings: FieldErrors;
  onChange(form: EntryForm): void;
  /** Resolves when the draft is saved. */
  onSave(form: EntryForm): Promise<void>;
  onCancel(): void;
  /** After a 409: throws this edit away and shows the other one. */
  onLoadTheirs(): void;
}

/** An entry in the draft: what it is for, what is said, what is to do. */
export function EntryEditor(props: Props) {
  const { form, index, problems, warnings, onChange } = props;
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ text: string; conflict: boolean } | null>(null);
  const [refused, setRefused] = useState<FieldErrors>({});
  const element = useRef<HTMLFormElement>(null);
  const errors: FieldErrors = { ...problems, ...refused, ...(tried ? entryErrors(form) : {}) };
  const inTheWay = tried ? errorsInWords(entryErrors(form)) : null;

  const save = async () => {
    if (busy) return;
    setTried(true);
    if (Object.keys(entryErrors(form)).length > 0) {
      focusFirstError(element.current);
      return;
    }
    setBusy(true);
    setFailure(null);
    setRefused({});
    try {
      await props.onSave(form);
    } catch (error) {
      const named = refusedField(messageOf(error), index);
      if (named !== null) {
        setRefused({ [named.field]: named.message });
        focusFirstError(element.current);
      }
      setFailure({ text: messageOf(error), conflict: error instanceof ApiFailure && error.status === 409 });
      setBusy(false);
    }
  };

  return (
    <Form
      ref={element}
      className="scroll detail entry-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h2>{form.id === '' ? 'New entry' : 'Edit entry'}</h2>
      <div className="columns">
        <Field
          label="Name, for agents"
          name="name"
          value={form.name}
          error={errors['name']}
          onChange={(name) => onChange({ ...form, name })}
          autoFocus
        />
        <Field
          label="Fault"
          hint="A code, or drm:* for all of a kind."
          name="fault"
          inputClassName="id"
          value={form.fault}
          error={errors['fault']}
          onChange={(fault) => onChange({ ...form, fault })}
        />
        <Field
          label="Model"
          hint="* for any, X4* for a family."
          name="model"
          value={form.model}
          error={errors['model']}
          onChange={(model) => onChange({ ...form, model })}
        />
        <Field
          label="Firmware"
          hint="* for any, <4.2, >=4.2.1 or 4.2*."
          name="firmware"
          value={form.firmware}
          error={errors['firmware']}
          onChange={(firmware) => onChange({ ...form, firmware })}
        />
      </div>
      <Field
        label="Why it fits, for agents (optional)"
        hint="Facts of the fault stand in braces: signal {rssi} dBm."
        name="why"
        value={form.why}
        error={errors['why']}
        onChange={(why) => onChange({ ...form, why })}
      />
      <Field
        label="Explanation, for the viewer"
        hint="Two sentences at most."
        name="explanation"
        rows={2}
        value={form.explanation}
        error={errors['explanation']}
        onChange={(explanation) => onChange({ ...form, explanation })}
      />
      <Checkbox
        className="choice tick"
        isSelected={form.unattended}
        onChange={(unattended) => onChange({ ...form, unattended })}
      >
        <span>
          No person needed
          <span className="hint"> The request joins the line only when the viewer asks.</span>
        </span>
      </Checkbox>
      {errors['unattended'] === undefined ? null : <p className="field-error">{errors['unattended']}</p>}
      {Object.keys(warnings).length === 0 ? null : (
        <Notice tone="warn">
          <p>Worth another look. It can be published as it is.</p>
          <ul className="plain-list">
            {Object.entries(warnings).map(([field, message]) => (
              <li key={field}>{message}</li>
            ))}
          </ul>
        </Notice>
      )}
      <h3>Tasks</h3>
      <TaskListEditor
        tasks={form.tasks}
        errors={errors}
        onChange={(tasks) => onChange({ ...form, tasks })}
        beside={(task, place) => <TvPreview task={task} place={place} />}
      />
      {inTheWay === null ? null : <Notice tone="bad">{inTheWay}</Notice>}
      {failure === null ? null : (
        <Notice
          tone="bad"
          actions={
            failure.conflict ? (
              <Button className="button" onPress={props.onLoadTheirs}>
                Load the other draft
              </Button>
            ) : undefined
          }
        >
          {failure.conflict ? failure.text : `Not saved. It stays here. ${failure.text}`}
        </Notice>
      )}
      <div className="actions sticky">
        <BusyButton type="submit" className="button primary" isBusy={busy}>
          Save in the draft
        </BusyButton>
        <Button className="button" onPress={props.onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
