import type { PastInteraction } from '../../../src/protocol/api.ts';
import type { Loaded } from '../parts/load.ts';
import { Read } from '../parts/Read.tsx';
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
  return (
    <Read from={{ loaded: history, reload: onAgain }}>
      {(all) => <Past past={all.filter((one) => one.id !== except)} now={now} />}
    </Read>
  );
}

function Past({ past, now }: { past: PastInteraction[]; now: number }) {
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
