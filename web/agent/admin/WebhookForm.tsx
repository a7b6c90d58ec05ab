import { useState } from 'react';
import { Button, Checkbox, Form } from 'react-aria-components';
import { EVENT_TYPES } from '../../../src/protocol/eventTypes.ts';
import type { EventType } from '../../../src/protocol/eventTypes.ts';
import { AppDialog } from '../parts/AppDialog.tsx';
import { BusyButton } from '../parts/BusyButton.tsx';
import { Field } from '../parts/Field.tsx';
import { messageOf } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
import { tooLong } from '../tasks/task-form.ts';
import type { WebhookWish } from './admin-api.ts';
import { addressError } from './webhook-words.ts';

const TYPES = Object.entries(EVENT_TYPES) as [EventType, string][];

interface Props {
  title: string;
  isOpen: boolean;
  from: WebhookWish;
  onClose(): void;
  /** Resolves when it is kept. */
  onSave(wish: WebhookWish): Promise<void>;
}

/** Where events go, and which. */
export function WebhookForm(props: Props) {
  return (
    <AppDialog title={props.title} isOpen={props.isOpen} onClose={props.onClose}>
      <Fields {...props} />
    </AppDialog>
  );
}

function Fields({ from, onClose, onSave }: Props) {
  const [url, setUrl] = useState(from.url);
  const [description, setDescription] = useState(from.description);
  const [some, setSome] = useState(from.eventTypes.length > 0);
  const [types, setTypes] = useState<readonly EventType[]>(from.eventTypes);
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const urlError = addressError(url);
  const descriptionError = tooLong(description, 80);
  const typesError = some && types.length === 0 ? 'Choose at least one, or send all.' : null;

  const save = async () => {
    if (busy) return;
    setTried(true);
    if (urlError !== null || descriptionError !== null || typesError !== null) return;
    setBusy(true);
    setFailure(null);
    try {
      await onSave({ url: url.trim(), description: description.trim(), eventTypes: some ? [...types] : [] });
      onClose();
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(false);
    }
  };

  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label="Address"
        hint="https, and reachable from the internet."
        placeholder="https://crm.example/couchline"
        inputClassName="id"
        spellCheck="false"
        autoComplete="off"
        value={url}
        onChange={setUrl}
        error={tried ? (urlError ?? undefined) : undefined}
        autoFocus
      />
      <Field
        label="What it is for (optional)"
        value={description}
        onChange={setDescription}
        error={tried ? (descriptionError ?? undefined) : undefined}
      />
      <Checkbox className="choice tick" isSelected={!some} onChange={(all) => setSome(!all)}>
        <span>
          All events
          <span className="hint"> New kinds too, when there are some one day.</span>
        </span>
      </Checkbox>
      {some ? (
        <div className="event-types" role="group" aria-label="Events to send">
          {TYPES.map(([type, words]) => (
            <Checkbox
              key={type}
              className="choice tick"
              isSelected={types.includes(type)}
              onChange={(chosen) =>
                setTypes(TYPES.map(([one]) => one).filter((one) => (one === type ? chosen : types.includes(one))))
              }
            >
              <span>{words}</span>
            </Checkbox>
          ))}
        </div>
      ) : null}
      {tried && typesError !== null ? <p className="field-error">{typesError}</p> : null}
      {failure === null ? null : <Notice tone="bad">Not saved. {failure}</Notice>}
      <div className="actions">
        <BusyButton type="submit" className="button primary" isBusy={busy}>
          Save
        </BusyButton>
        <Button className="button" onPress={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
