import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { CatalogueState } from '../../../src/protocol/api.ts';
import { Field } from '../parts/Field.tsx';
import { FormDialog } from '../parts/FormDialog.tsx';
import { Icon } from '../parts/Icon.tsx';
import { count, dayAndTime } from '../parts/time.ts';
import { tooLong } from '../tasks/task-form.ts';
import { draftChanges } from './entry-form.ts';

interface Props {
  published: CatalogueState['published'];
  draft: NonNullable<CatalogueState['draft']>;
  canEdit: boolean;
  now: number;
  /** Resolves when published. */
  onPublish(note: string): Promise<void>;
  onDiscard(): void;
}

/** A draft stands: who made it, what it changes, and its two ways on. */
export function DraftBar({ published, draft, canEdit, now, onPublish, onDiscard }: Props) {
  const [asking, setAsking] = useState(false);
  const errors = (draft.problems ?? []).filter((one) => one.severity === 'error').length;
  return (
    <div className="draft-bar" role="region" aria-label="Draft">
      <Icon name="edit" />
      <p>
        <strong>Draft</strong> by {draft.by}, {dayAndTime(draft.at, now)}: {changesInWords(published, draft)}
        {errors === 0 ? '' : `. ${count(errors, 'problem')} in the way of publishing`}
      </p>
      {canEdit ? (
        <div className="actions">
          <Button className="button primary" isDisabled={errors > 0} onPress={() => setAsking(true)}>
            Publish
          </Button>
          <Button className="button" onPress={onDiscard}>
            Discard
          </Button>
        </div>
      ) : null}
      {asking ? <PublishDialog onClose={() => setAsking(false)} onPublish={onPublish} /> : null}
    </div>
  );
}

function changesInWords(published: CatalogueState['published'], draft: NonNullable<CatalogueState['draft']>): string {
  const { added, changed, removed } = draftChanges(published.entries, draft.entries);
  const parts = [
    added === 0 ? '' : `${added} added`,
    changed === 0 ? '' : `${changed} changed`,
    removed === 0 ? '' : `${removed} removed`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'as published' : `${parts.join(', ')} since version ${published.version}`;
}

function PublishDialog(props: { onClose(): void; onPublish(note: string): Promise<void> }) {
  const [note, setNote] = useState('');
  const noteError = tooLong(note, 200);
  return (
    <FormDialog
      title="Publish the draft"
      verb="Publish"
      not="Not published."
      errors={[noteError]}
      onClose={props.onClose}
      onSubmit={() => props.onPublish(note.trim())}
    >
      {(tell) => (
        <>
          <p>From then on every request is answered from it. Earlier versions can be restored.</p>
          <Field
            label="What changed (optional)"
            hint="Shown in the list of versions."
            value={note}
            onChange={setNote}
            error={tell(noteError)}
            autoFocus
          />
        </>
      )}
    </FormDialog>
  );
}
