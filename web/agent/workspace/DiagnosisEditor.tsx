import { useRef, useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import { Field } from '../parts/Field.tsx';
import { messageOf } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
import { Slow } from '../parts/Slow.tsx';
import { asksOnly, diagnosisErrors } from '../tasks/diagnosis-form.ts';
import type { DiagnosisForm } from '../tasks/diagnosis-form.ts';
import { errorsInWords, focusFirstError } from '../parts/show-errors.ts';
import { TaskListEditor } from '../tasks/TaskListEditor.tsx';

interface Props {
  form: DiagnosisForm;
  onChange(form: DiagnosisForm): void;
  /** Resolves when committed. */
  onSend(form: DiagnosisForm): Promise<void>;
  onCancel(): void;
}

/** An explanation and its tasks, edited or the agent's own, before they go to the TV. */
export function DiagnosisEditor({ form, onChange, onSend, onCancel }: Props) {
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const isQuestion = asksOnly(form.tasks);
  const [beganAsking] = useState(isQuestion);
  const errors = tried ? diagnosisErrors(form) : {};

  const send = async () => {
    if (busy) return;
    setTried(true);
    if (Object.keys(diagnosisErrors(form)).length > 0) {
      focusFirstError(element.current);
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await onSend(form);
    } catch (error) {
      setFailure(`Not sent. ${messageOf(error)}`);
      setBusy(false);
    }
  };

  // A question comes first, and what it is about, if anything is to be said of that, after it.
  const explanation = (
    <Field
      key="explanation"
      label={isQuestion ? 'What it is, for the viewer (optional)' : 'What it is, for the viewer'}
      name="explanation"
      rows={isQuestion ? 2 : 3}
      value={form.explanation}
      error={errors['explanation']}
      onChange={(text) => onChange({ ...form, explanation: text })}
      autoFocus={!beganAsking}
    />
  );
  return (
    <Form
      ref={element}
      className="diagnosis-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div className="scroll">
        <div className="diagnosis-fields">
          <h3>{form.entryId === null ? 'In your own words' : 'Edit before sending'}</h3>
          {isQuestion ? null : explanation}
          <TaskListEditor
            tasks={form.tasks}
            errors={errors}
            autoFocus={beganAsking}
            onChange={(tasks) => onChange({ ...form, tasks })}
          />
          {isQuestion ? explanation : null}
        </div>
      </div>
      <div className="send-bar">
        {errorsInWords(errors) === null ? null : <Notice tone="bad">{errorsInWords(errors)}</Notice>}
        {failure === null ? null : <Notice tone="bad">{failure}</Notice>}
        <Slow isBusy={busy} />
        <div className="actions">
          <BusyButton type="submit" className="button primary" isBusy={busy}>
            {form.tasks.length === 0 ? 'Send the explanation' : 'Send to the TV'}
          </BusyButton>
          <Button className="button" onPress={onCancel}>
            Cancel
          </Button>
        </div>
      </div>
    </Form>
  );
}
