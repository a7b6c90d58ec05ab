import { AppDialog } from '../parts/AppDialog.tsx';
import { SHORTCUTS } from './shortcuts.ts';

const MORE = [
  { keys: 'F6', what: 'Go to the next pane; with Shift, the one before' },
  { keys: 'Enter', what: 'Send the message; Shift+Enter starts a new line' },
  { keys: 'Escape', what: 'Close a menu or a dialog' },
];

export function ShortcutsDialog({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  return (
    <AppDialog title="Keys" isOpen={isOpen} onClose={onClose}>
      <dl className="keys">
        {[...Object.values(SHORTCUTS), ...MORE].map(({ keys, what }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </AppDialog>
  );
}
