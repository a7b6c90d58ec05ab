import { PICTURES } from '../tasks/task-form.ts';
import type { TaskForm } from '../tasks/task-form.ts';

/** One task as the TV shows it, at the TV's proportions; sizes are shares of its width. */
export function TvPreview({ task, place }: { task: TaskForm; place: number }) {
  const answers =
    task.choices === null
      ? ['It works now', 'It still does not', 'I cannot do this']
      : task.choices.map((choice, i) => choice.trim() || `Answer ${i + 1}`);
  const picture = PICTURES.find((one) => one.id === task.picture)?.label;
  return (
    <figure className="tv-preview" role="img" aria-label={`As the TV shows it: ${task.title.trim() || 'no words yet'}`}>
      <div className="tv-screen" aria-hidden="true">
        <p className="tv-place">{task.choices === null ? `Task ${place + 1}` : `Question ${place + 1}`}</p>
        <p className="tv-title">{task.title.trim() || 'What to do'}</p>
        <p className="tv-detail">{task.detail.trim()}</p>
        {picture === undefined ? null : <p className="tv-picture">Picture: {picture}</p>}
        <div className="tv-actions">
          {answers.map((answer, i) => (
            <span key={i} className={i === 0 ? 'focused' : ''}>
              {answer}
            </span>
          ))}
        </div>
      </div>
    </figure>
  );
}
