import { useState } from 'react';
import { Checkbox } from 'react-aria-components';
import { EVENT_TYPES } from '../../../src/protocol/eventTypes.ts';
import type { EventType } from '../../../src/protocol/eventTypes.ts';
import { Field } from '../parts/Field.tsx';
import { FormDialog } from '../parts/FormDialog.tsx';
import { TickList } from '../parts/TickList.tsx';
import { tooLong } from '../tasks/task-form.ts';
import type { WebhookWish } from './admin-api.ts';
import { addressError } from './webhook-words.ts';

const TYPES = Object.entries(EVENT_TYPES) as [EventType, string][];

interface Props {
  title: string;
  from: WebhookWish;
  onClose(): void;
  /** Resolves when it is kept. */
  onSave(wish: WebhookWish): Promise<void>;
}

/** Where events go, and which. */
export function WebhookForm({ title, from, onClose, onSave }: Props) {
  const [url, setUrl] = useState(from.url);
  const [description, setDescription] = useState(from.description);
  const [some, setSome] = useState(from.eventTypes.length > 0);
  const [types, setTypes] = useState(from.eventTypes);
  const urlError = addressError(url);
  const descriptionError = tooLong(description, 80);
  const typesError = some && types.length === 0 ? 'Choose at least one, or send all.' : null;
  return (
    <FormDialog
      title={title}
      verb="Save"
      not="Not saved."
      errors={[urlError, descriptionError, typesError]}
      onClose={onClose}
      onSubmit={() => onSave({ url: url.trim(), description: description.trim(), eventTypes: some ? types : [] })}
    >
      {(tell) => (
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
            error={tell(urlError)}
            autoFocus
          />
          <Field
            label="What it is for (optional)"
            value={description}
            onChange={setDescription}
            error={tell(descriptionError)}
          />
          <Checkbox className="choice tick" isSelected={!some} onChange={(all) => setSome(!all)}>
            <span>
              All events
              <span className="hint"> Also kinds added later.</span>
            </span>
          </Checkbox>
          {some ? (
            <TickList
              label="Events to send"
              options={TYPES}
              chosen={types}
              error={tell(typesError)}
              onChange={setTypes}
            />
          ) : null}
        </>
      )}
    </FormDialog>
  );
}
