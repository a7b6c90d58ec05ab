import { PICTURES_DRAWN } from '../../theme/pictures.ts';
import { PICTURES } from '../tasks/task-form.ts';
import type { TaskForm } from '../tasks/task-form.ts';

/** One task as the TV shows it, at the TV's proportions; sizes are shares of its width, and words never smaller than the desk's smallest. */
export function TvPreview({ task, place }: { task: TaskForm; place: number }) {
  const answers =
    task.choices === null
      ? ['It works now', 'It still does not', 'I cannot do this']
      : task.choices.map((choice, i) => choice.trim() || `Answer ${i + 1}`);
  const picture = PICTURES.find((one) => one.id === task.picture);
  const words = task.title.trim() || 'no words yet';
  const label = `As the TV shows it: ${words}${picture === undefined ? '' : `. Picture: ${picture.label}`}`;
  return (
    <figure className="tv-preview" role="img" aria-label={label}>
      <div className="tv-screen" aria-hidden="true">
        <p className="tv-place">{task.choices === null ? `Task ${place + 1}` : `Question ${place + 1}`}</p>
        <div className="tv-body">
          <div className="tv-words">
            <p className="tv-title">{task.title.trim() || 'What to do'}</p>
            <p className="tv-detail">{task.detail.trim()}</p>
          </div>
          {picture === undefined ? null : (
            <div className="tv-picture">
              <svg viewBox="0 0 200 200" dangerouslySetInnerHTML={{ __html: PICTURES_DRAWN[picture.id] }} />
            </div>
          )}
        </div>
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
