import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { AppDialog } from './AppDialog.tsx';
import { useAttempt } from './attempt.ts';
import { BusyButton } from './BusyButton.tsx';
import { Notice } from './Notice.tsx';

interface Props {
  title: string;
  isOpen: boolean;
  /** What it does, in a word: "Delete". */
  verb: string;
  /** Stands before the reason when it did not work: "Not deleted." */
  not: string;
  onClose(): void;
  /** Resolves when it is done; the dialog is closed by whoever opened it. */
  onConfirm(): Promise<void>;
  /** What will be, and what will not come back. */
  children: ReactNode;
}

/** Asks before something that cannot be undone. The focus stands on what changes nothing. */
export function ConfirmDialog({ title, isOpen, verb, not, onClose, onConfirm, children }: Props) {
  return (
    <AppDialog title={title} isOpen={isOpen} onClose={onClose}>
      <Question {...{ verb, not, onClose, onConfirm, children }} />
    </AppDialog>
  );
}

/** Begins anew each time the dialog is opened: what did not work before is not said again. */
function Question({ verb, not, onClose, onConfirm, children }: Omit<Props, 'title' | 'isOpen'>) {
  const { isBusy, failure, attempt } = useAttempt();
  return (
    <>
      {children}
      {failure === null ? null : (
        <Notice tone="bad">
          {not} {failure}
        </Notice>
      )}
      <div className="actions">
        <BusyButton className="button end" isBusy={isBusy} onPress={() => void attempt(onConfirm)}>
          {verb}
        </BusyButton>
        <Button className="button" onPress={onClose} autoFocus>
          Keep it
        </Button>
      </div>
    </>
  );
}
