import { Button } from 'react-aria-components';
import type { PastInteraction } from '../../../src/protocol/api.ts';
import { Loading } from '../parts/Loading.tsx';
import type { Loaded } from '../parts/load.ts';
import { Notice } from '../parts/Notice.tsx';
import { dayAndTime } from '../parts/time.ts';
import { outcomeWords } from '../wrapup/disposition.ts';

interface Props {
  history: Loaded<PastInteraction[]>;
  /** The interaction that is on screen anyway. */
  except?: string;
  now: number;
  onAgain(): void;
}

/** Earlier interactions of a TV, the latest first. */
export function History({ history, except, now, onAgain }: Props) {
  if (history.kind === 'loading') return <Loading again={onAgain} />;
  if (history.kind === 'failed') {
    return (
      <Notice
        tone="bad"
        actions={
          <Button className="button" onPress={onAgain}>
            Read again
          </Button>
        }
      >
        {history.message}
      </Notice>
    );
  }
  const past = history.value.filter((one) => one.id !== except);
  if (past.length === 0) return <p className="quiet">None. This is the first time.</p>;
  return (
    <ul className="history">
      {past.map((one) => (
        <li key={one.id}>
          <p>
            <strong>{one.faultTitle ?? 'Asked for help'}</strong>
          </p>
          <p className="quiet small">
            {dayAndTime(one.openedAt, now)} · {outcomeWords(one.outcome)}
            {one.agentName === null ? '' : ` · ${one.agentName}`}
          </p>
          {one.note === '' ? null : <p className="past-note">{one.note}</p>}
        </li>
      ))}
    </ul>
  );
}
