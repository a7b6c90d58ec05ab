import type { QueuesMessage } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import { span, spanInWords } from '../parts/time.ts';

interface Props {
  queues: QueuesMessage['queues'];
  clockOffset: number;
  /** Since when nothing new is heard, by this computer's clock; null while the figures are live. */
  staleSince: number | null;
}

/** Over all of the agent's queues: how many wait, and how long the longest has. */
export function QueueFigures({ queues, clockOffset, staleSince }: Props) {
  const now = useNow(clockOffset);
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const since = queues.map((queue) => queue.longestSince).filter((at) => at !== null);
  const asOf = staleSince === null ? now : staleSince + clockOffset;
  const longest = since.length === 0 ? null : asOf - Math.min(...since);
  return (
    <dl className={`figures ${staleSince === null ? '' : 'old'}`} aria-label="The line">
      <div>
        <dt>Waiting</dt>
        <dd className="number">{waiting}</dd>
      </div>
      <div>
        <dt>Longest</dt>
        <dd className="number">{longest === null ? '–' : span(longest)}</dd>
      </div>
      {staleSince === null ? null : (
        <div>
          <dt className="hidden-text">Age</dt>
          <dd>{spanInWords(now - asOf)} old</dd>
        </div>
      )}
    </dl>
  );
}
