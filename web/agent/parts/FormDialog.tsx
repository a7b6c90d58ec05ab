import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { AppDialog } from './AppDialog.tsx';
import { useAttempt } from './attempt.ts';
import { BusyButton } from './BusyButton.tsx';
import { Notice } from './Notice.tsx';
import { focusFirstError } from './show-errors.ts';

interface Props {
  title: string;
  /** What sending does, in a word: "Save". */
  verb: string;
  /** Stands before the reason when it did not work: "Not saved." */
  not: string;
  /** What is wrong with the fields; it is sent when all of these are null. */
  errors: readonly (string | null)[];
  /** Resolves when it is kept; then the dialog closes. */
  onSubmit(): Promise<void>;
  onClose(): void;
  /** The fields. Each asks `tell` for its error: nobody is told of a mistake before they tried to send it. */
  children(tell: (error: string | null) => string | undefined): ReactNode;
}

/** Fields that are sent together, over the page, with what came of it. Whoever opens it anew makes it anew. */
export function FormDialog({ title, verb, not, errors, onSubmit, onClose, children }: Props) {
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { isBusy, failure, attempt } = useAttempt();
  return (
    <AppDialog title={title} isOpen onClose={onClose}>
      <Form
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (errors.some((error) => error !== null)) {
            focusFirstError(form.current);
            return;
          }
          void attempt(async () => {
            await onSubmit();
            onClose();
          });
        }}
      >
        {children((error) => (tried ? (error ?? undefined) : undefined))}
        {failure === null ? null : (
          <Notice tone="bad">
            {not} {failure}
          </Notice>
        )}
        <div className="actions">
          <BusyButton type="submit" className="button primary" isBusy={isBusy}>
            {verb}
          </BusyButton>
          <Button className="button" onPress={onClose}>
            Cancel
          </Button>
        </div>
      </Form>
    </AppDialog>
  );
}
