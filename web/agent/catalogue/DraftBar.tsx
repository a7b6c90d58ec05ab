import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import type { CatalogueState } from '../../../src/protocol/api.ts';
import { AppDialog } from '../parts/AppDialog.tsx';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { messageOf } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
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
      <PublishDialog isOpen={asking} onClose={() => setAsking(false)} onPublish={onPublish} />
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

function PublishDialog(props: { isOpen: boolean; onClose(): void; onPublish(note: string): Promise<void> }) {
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const error = tooLong(note, 200);
  const publish = async () => {
    if (error !== null || busy) return;
    setBusy(true);
    setFailure(null);
    try {
      await props.onPublish(note.trim());
      setNote('');
      props.onClose();
    } catch (problem) {
      setFailure(messageOf(problem));
    }
    setBusy(false);
  };
  return (
    <AppDialog title="Publish the draft" isOpen={props.isOpen} onClose={props.onClose}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <p>From then on every request is answered from it. Earlier versions can be restored.</p>
        <Field
          label="What changed (optional)"
          hint="Shown in the list of versions."
          value={note}
          onChange={setNote}
          error={error ?? undefined}
          autoFocus
        />
        {failure === null ? null : <Notice tone="bad">{failure}</Notice>}
        <div className="actions">
          <BusyButton type="submit" className="button primary" isBusy={busy}>
            Publish
          </BusyButton>
          <Button className="button" onPress={props.onClose}>
            Cancel
          </Button>
        </div>
      </Form>
    </AppDialog>
  );
}
