import { useState } from 'react';
import { Button } from 'react-aria-components';
import { AppDialog } from '../parts/AppDialog.tsx';
import { Notice } from '../parts/Notice.tsx';

export interface Shown {
  title: string;
  /** What it is for, and what to do with it. */
  words: string;
  secret: string;
}

/** A secret that is told once: to be copied before the dialog is closed. */
export function SecretOnce({ shown, onClose }: { shown: Shown | null; onClose(): void }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'refused'>('no');
  const close = () => {
    setCopied('no');
    onClose();
  };
  return (
    <AppDialog title={shown?.title ?? ''} isOpen={shown !== null} onClose={close}>
      <p>{shown?.words}</p>
      <p className="secret id" data-testid="secret">
        {shown?.secret}
      </p>
      <Notice tone="warn">It is shown this once. Keep it where the other system keeps its secrets.</Notice>
      <div className="actions">
        <Button
          className="button primary"
          onPress={() => {
            // Without a secure context there is no clipboard; the words can be marked and copied by hand.
            if (!('clipboard' in navigator)) {
              setCopied('refused');
              return;
            }
            navigator.clipboard.writeText(shown?.secret ?? '').then(
              () => setCopied('yes'),
              () => setCopied('refused'),
            );
          }}
        >
          Copy
        </Button>
        <Button className="button" onPress={close}>
          Close
        </Button>
      </div>
      <p className="quiet small" role="status">
        {copied === 'yes' ? 'Copied.' : copied === 'refused' ? 'Not copied. Mark the words and copy them by hand.' : ''}
      </p>
    </AppDialog>
  );
}
