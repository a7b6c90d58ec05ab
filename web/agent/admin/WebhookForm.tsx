import { useState } from 'react';
import { Checkbox } from 'react-aria-components';
import { EVENT_TYPES } from '../../../src/protocol/eventTypes.ts';
import type { EventType } from '../../../src/protocol/eventTypes.ts';
import { AppDialog } from '../parts/AppDialog.tsx';
import { Field } from '../parts/Field.tsx';
import { SubmitForm } from '../parts/SubmitForm.tsx';
import { TickList } from '../parts/TickList.tsx';
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
  const [types, setTypes] = useState(from.eventTypes);
  const urlError = addressError(url);
  const descriptionError = tooLong(description, 80);
  const typesError = some && types.length === 0 ? 'Choose at least one, or send all.' : null;
  return (
    <SubmitForm
      isRight={urlError === null && descriptionError === null && typesError === null}
      verb="Save"
      not="Not saved."
      onCancel={onClose}
      onSubmit={async () => {
        await onSave({ url: url.trim(), description: description.trim(), eventTypes: some ? types : [] });
        onClose();
      }}
    >
      {(tried) => (
        <>
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
          {some ? <TickList label="Events to send" options={TYPES} chosen={types} onChange={setTypes} /> : null}
          {tried && typesError !== null ? <p className="field-error">{typesError}</p> : null}
        </>
      )}
    </SubmitForm>
  );
}
