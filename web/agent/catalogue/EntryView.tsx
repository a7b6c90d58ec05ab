import { Button } from 'react-aria-components';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { Icon } from '../parts/Icon.tsx';
import { checkWords } from '../workspace/task-words.ts';
import { taskToForm } from '../tasks/task-form.ts';
import { TvPreview } from './TvPreview.tsx';

interface Props {
  entry: CatalogueEntry;
  /** Absent for agents, who read. */
  onEdit?: () => void;
  onRemove?: () => void;
}

/** An entry to read. */
export function EntryView({ entry, onEdit, onRemove }: Props) {
  return (
    <div className="scroll detail" tabIndex={0} role="group" aria-label={entry.name}>
      <div className="detail-head">
        <h2>{entry.name}</h2>
        {onEdit === undefined ? null : (
          <div className="actions">
            <Button className="button" onPress={onEdit}>
              <Icon name="edit" />
              Edit
            </Button>
            {onRemove === undefined ? null : (
              <Button className="button" onPress={onRemove}>
                Remove
              </Button>
            )}
          </div>
        )}
      </div>
      <dl className="facts wide">
        <div>
          <dt>Fault</dt>
          <dd className="id">{entry.fault}</dd>
        </div>
        <div>
          <dt>Model</dt>
          <dd>{entry.model === '*' ? 'Any' : entry.model}</dd>
        </div>
        <div>
          <dt>Firmware</dt>
          <dd>{entry.firmware === '*' ? 'Any' : entry.firmware}</dd>
        </div>
        <div>
          <dt>For the agent</dt>
          <dd>{entry.why === '' ? '–' : entry.why}</dd>
        </div>
        <div>
          <dt>For the viewer</dt>
          <dd>{entry.explanation}</dd>
        </div>
        <div>
          <dt>Joins the line</dt>
          <dd>
            {entry.unattended ? 'Only when the viewer asks for a person' : 'At once; tasks can be done while waiting'}
          </dd>
        </div>
      </dl>
      <h3>Tasks</h3>
      <ol className="previews">
        {entry.tasks.map((task, i) => (
          <li key={i}>
            <TvPreview task={taskToForm(task)} place={i} />
            <p>{task.title}</p>
            <p className="quiet small">
              {task.check === undefined ? 'No check.' : `The TV ${checkWords(task.check)}.`}
            </p>
          </li>
        ))}
      </ol>
    </div>
  );
}
