import { useState } from 'react';
import { Button, Form, Label, Radio, RadioGroup } from 'react-aria-components';
import { BusyButton } from '../parts/BusyButton.tsx';
import type { Disposition } from '../../../src/interaction/interaction.ts';
import type { InteractionView } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import { Field } from '../parts/Field.tsx';
import { Icon } from '../parts/Icon.tsx';
import { messageOf } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
import { Slow } from '../parts/Slow.tsx';
import { span } from '../parts/time.ts';
import { tooLong } from '../tasks/task-form.ts';
import { canBeVerified, DISPOSITIONS, suggestDisposition } from './disposition.ts';
import { draftNote, NOTE_LIMIT } from './draft-note.ts';
import type { NoteStore } from './note-store.ts';

/** How long wrap-up usually takes, in milliseconds. The timer warns; it never discards. */
const USUAL_MS = 120_000;

export type AfterWrapUp = 'ready' | 'away';

interface Props {
  view: InteractionView;
  notes: NoteStore;
  clockOffset: number;
  /** Resolves when the note is committed. */
  onSave(disposition: Disposition, note: string, then: AfterWrapUp): Promise<void>;
}

/** How it ended and a note, drafted from the timeline and kept in this browser until it is saved. */
export function WrapUpForm({ view, notes, clockOffset, onSave }: Props) {
  const suggested = suggestDisposition(view);
  const [disposition, setDisposition] = useState<Disposition | null>(suggested);
  const [note, setNote] = useState(() => notes.read(view.id) ?? draftNote(view));
  const [tried, setTried] = useState<AfterWrapUp | null>(null);
  const [busy, setBusy] = useState<AfterWrapUp | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const noteError = tooLong(note, NOTE_LIMIT);
  const verifiable = canBeVerified(view);

  const save = async (then: AfterWrapUp) => {
    setTried(then);
    if (disposition === null || noteError !== null || busy !== null) return;
    setBusy(then);
    setFailure(null);
    notes.keep(view.id, note);
    try {
      await onSave(disposition, note.trim(), then);
      notes.forget(view.id);
    } catch (error) {
      setFailure(messageOf(error));
      setBusy(null);
    }
  };

  return (
    <Form className="wrap-up" onSubmit={(event) => event.preventDefault()}>
      <div className="pane-head">
        <h2>Wrap-up</h2>
        <WrapUpTimer
          since={view.status.kind === 'wrapUp' ? view.status.since : view.openedAt}
          clockOffset={clockOffset}
        />
      </div>
      <RadioGroup
        className="field"
        value={disposition}
        onChange={(value) => setDisposition(DISPOSITIONS.find((one) => one.id === value)?.id ?? null)}
        isInvalid={tried !== null && disposition === null}
      >
        <Label className="label">How did it end?</Label>
        {DISPOSITIONS.map(({ id, label }, i) => {
          const isDisabled = id === 'fixedVerified' && !verifiable;
          return (
            <Radio
              key={id}
              value={id}
              className="choice"
              isDisabled={isDisabled}
              autoFocus={suggested === null ? i === 1 : id === suggested}
            >
              <span>
                {label}
                {isDisabled ? <span className="hint"> The TV has verified no task.</span> : null}
                {id === suggested ? <span className="hint"> Suggested by the timeline.</span> : null}
              </span>
            </Radio>
          );
        })}
        {tried !== null && disposition === null ? (
          <p className="field-error" role="alert">
            Choose how it ended.
          </p>
        ) : null}
      </RadioGroup>
      <Field
        label="Note"
        hint="Drafted from the timeline. Kept in this browser until it is saved."
        rows={9}
        value={note}
        onChange={(value) => {
          setNote(value);
          notes.keep(view.id, value);
        }}
        error={noteError ?? undefined}
      />
      {failure === null ? null : (
        <Notice
          tone="bad"
          actions={
            <Button className="button" onPress={() => void save(tried ?? 'ready')}>
              Save again
            </Button>
          }
        >
          Note not saved. It is kept in this browser. {failure}
        </Notice>
      )}
      <Slow isBusy={busy !== null} />
      <div className="actions">
        <BusyButton
          className="button primary"
          isBusy={busy === 'ready'}
          isDisabled={busy === 'away'}
          onPress={() => void save('ready')}
        >
          Save and be ready
        </BusyButton>
        <BusyButton
          className="button"
          isBusy={busy === 'away'}
          isDisabled={busy === 'ready'}
          onPress={() => void save('away')}
        >
          Save and pause
        </BusyButton>
      </div>
    </Form>
  );
}

function WrapUpTimer({ since, clockOffset }: { since: number; clockOffset: number }) {
  const now = useNow(clockOffset);
  const spent = now - since;
  const over = spent > USUAL_MS;
  return (
    <p className={`timer number ${over ? 'late' : ''}`}>
      <Icon name={over ? 'warn' : 'clock'} />
      <span>
        {span(spent)} of {span(USUAL_MS)}
      </span>
      {over ? (
        <span className="hidden-text" role="status">
          Longer than usual. Nothing is lost.
        </span>
      ) : null}
    </p>
  );
}
