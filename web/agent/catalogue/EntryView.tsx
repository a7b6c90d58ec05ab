import { Button } from 'react-aria-components';
import type { CatalogueEntry } from '../../../src/diagnosis/diagnosis.ts';
import { Fact } from '../parts/Fact.tsx';
import { Icon } from '../parts/Icon.tsx';
import { Detail } from '../parts/ListAndDetail.tsx';
import { checkWords } from '../workspace/task-words.ts';
import { taskToForm } from '../tasks/task-form.ts';
import { TvPreview } from './TvPreview.tsx';

interface Props {
  entry: CatalogueEntry;
  /** For supervisors; agents read. */
  edit: { onEdit(): void; onRemove(): void } | null;
}

/** An entry to read. */
export function EntryView({ entry, edit }: Props) {
  return (
    <Detail
      title={entry.name}
      actions={
        edit === null ? undefined : (
          <>
            <Button className="button" onPress={edit.onEdit}>
              <Icon name="edit" />
              Edit
            </Button>
            <Button className="button" onPress={edit.onRemove}>
              Remove
            </Button>
          </>
        )
      }
    >
      <dl className="facts wide">
        <Fact label="Fault" value={entry.fault} isId />
        <Fact label="Model" value={entry.model === '*' ? 'Any' : entry.model} />
        <Fact label="Firmware" value={entry.firmware === '*' ? 'Any' : entry.firmware} />
        <Fact label="For the agent" value={entry.why === '' ? '–' : entry.why} />
        <Fact label="For the viewer" value={entry.explanation} />
        <Fact
          label="Joins the line"
          value={
            entry.unattended ? 'Only when the viewer asks for a person' : 'At once; tasks can be done while waiting'
          }
        />
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
    </Detail>
  );
}
