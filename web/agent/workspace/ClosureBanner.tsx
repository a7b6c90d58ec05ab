import { Button } from 'react-aria-components';
import type { InteractionView } from '../../connector/types.ts';
import { Notice } from '../parts/Notice.tsx';

/** Offers the end when a fix stands; says how we know. */
export function ClosureBanner({ view, onEnd }: { view: InteractionView; onEnd(): void }) {
  const { closure } = view;
  if (closure === null || view.status.kind !== 'active') return null;
  const task = view.tasks.find((one) => one.id === closure.taskId);
  const verified = closure.how === 'verified';
  return (
    <Notice
      tone={verified ? 'ok' : 'warn'}
      role="status"
      actions={
        <Button className="button primary" onPress={onEnd}>
          End help
        </Button>
      }
    >
      <div>
        <p>
          <strong>{verified ? 'Fixed. The TV checked.' : 'The viewer says it works. It is not checked.'}</strong>{' '}
          {task === undefined ? '' : `${task.title}. `}
          {verified ? (task?.evidence ?? '') : ''}
        </p>
        <p className="quiet">The viewer is asked whether help can end. You can go on until then.</p>
      </div>
    </Notice>
  );
}
