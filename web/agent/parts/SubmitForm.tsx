import { useState } from 'react';
import type { ReactNode } from 'react';
import { Button, Form } from 'react-aria-components';
import { useAttempt } from './attempt.ts';
import { BusyButton } from './BusyButton.tsx';
import { Notice } from './Notice.tsx';

interface Props {
  /** Whether everything may be sent as it is. */
  isRight: boolean;
  /** What sending does, in a word: "Save". */
  verb: string;
  /** Stands before the reason when it did not work: "Not saved." */
  not: string;
  /** Resolves when it is kept; whoever shows the form takes it away. */
  onSubmit(): Promise<void>;
  onCancel(): void;
  /** The fields. Nobody is told of a mistake before they tried to send it. */
  children(tried: boolean): ReactNode;
}

/** Fields that are sent together, with what came of it. */
export function SubmitForm({ isRight, verb, not, onSubmit, onCancel, children }: Props) {
  const [tried, setTried] = useState(false);
  const { isBusy, failure, attempt } = useAttempt();
  return (
    <Form
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isRight) void attempt(onSubmit);
      }}
    >
      {children(tried)}
      {failure === null ? null : (
        <Notice tone="bad">
          {not} {failure}
        </Notice>
      )}
      <div className="actions">
        <BusyButton type="submit" className="button primary" isBusy={isBusy}>
          {verb}
        </BusyButton>
        <Button className="button" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
