import { Button } from 'react-aria-components';
import type { CatalogueState } from '../../../src/protocol/api.ts';
import { AppDialog } from '../parts/AppDialog.tsx';
import { dayAndTime } from '../parts/time.ts';

interface Props {
  state: CatalogueState;
  canEdit: boolean;
  isOpen: boolean;
  now: number;
  onClose(): void;
  onRestore(version: number): void;
}

/** Who published what, and when; an earlier one can be made the draft. */
export function Versions({ state, canEdit, isOpen, now, onClose, onRestore }: Props) {
  return (
    <AppDialog title="Versions" isOpen={isOpen} onClose={onClose}>
      {canEdit ? (
        <p className="quiet">Restoring makes a draft of that version. Nothing changes until it is published.</p>
      ) : null}
      <ol className="versions">
        {state.versions.map(({ version, by, at, note, entries }) => (
          <li key={version}>
            <div>
              <p>
                <strong>Version {version}</strong> {note}
              </p>
              <p className="quiet small">
                {by}, {dayAndTime(at, now)} · {entries === 1 ? '1 entry' : `${entries} entries`}
              </p>
            </div>
            {version === state.published.version ? (
              <span className="badge ok">Published</span>
            ) : canEdit ? (
              <Button className="button" aria-label={`Restore version ${version}`} onPress={() => onRestore(version)}>
                Restore
              </Button>
            ) : null}
          </li>
        ))}
      </ol>
    </AppDialog>
  );
}
