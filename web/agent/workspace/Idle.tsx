import { Button } from 'react-aria-components';
import type { Presence } from '../../../src/agent/agent.ts';
import type { QueuesMessage } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import { clockTime, span } from '../parts/time.ts';

interface Props {
  presence: Presence | null;
  /** Null until the service has told. */
  queues: QueuesMessage['queues'] | null;
  clockOffset: number;
  /** False while not online. */
  isLive: boolean;
  onReady(): void;
  onTvs(): void;
}

/** Nobody is with this agent: what will appear here, and how the line stands. */
export function Idle({ presence, queues, clockOffset, isLive, onReady, onTvs }: Props) {
  const now = useNow(clockOffset);
  return (
    <section className="idle" aria-label="No help under way" data-pane="" tabIndex={-1}>
      <h1>
        {presence?.kind === 'notAnswering'
          ? `An offer was not answered at ${clockTime(presence.since)}`
          : TITLES[presence?.kind ?? 'offline']}
      </h1>
      <p className="quiet">{BELOW[presence?.kind ?? 'offline']}</p>
      <div className="actions">
        {presence?.kind === 'away' || presence?.kind === 'notAnswering' ? (
          <Button className="button primary" onPress={onReady} isDisabled={!isLive}>
            Be ready <kbd>Alt+Shift+R</kbd>
          </Button>
        ) : null}
        <Button className="button" onPress={onTvs}>
          Offer help to a TV
        </Button>
      </div>
      <table className="queues">
        <caption>Your queues</caption>
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col" className="right">
              Waiting
            </th>
            <th scope="col" className="right">
              Longest
            </th>
            <th scope="col" className="right">
              Ready
            </th>
          </tr>
        </thead>
        <tbody>
          {queues?.map((queue) => (
            <tr key={queue.id}>
              <th scope="row">{queue.name}</th>
              <td className="number right">{queue.waiting}</td>
              <td className="number right">{queue.longestSince === null ? '–' : span(now - queue.longestSince)}</td>
              <td className="number right">{queue.ready}</td>
            </tr>
          ))}
          {queues?.length === 0 ? (
            <tr>
              <td colSpan={4} className="quiet">
                You are in no queue yet. Your supervisor gives you the skills for one.
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}

const TITLES: Record<Exclude<Presence['kind'], 'notAnswering'>, string> = {
  offline: 'Connecting',
  ready: 'You are ready',
  ringing: 'An offer is waiting for your answer',
  helping: 'You are helping',
  wrappingUp: 'You are wrapping up',
  away: 'You are away',
};

const BELOW: Record<Presence['kind'], string> = {
  offline: 'Your queues appear here as soon as the service answers.',
  ready: 'The next offer appears at the top right. You can accept it from wherever you are.',
  ringing: 'Accept or decline it at the top right.',
  helping: 'It appears here in a moment.',
  wrappingUp: 'It appears here in a moment.',
  away: 'Offers go to others until you are ready again.',
  notAnswering: 'No more are coming until you are ready again.',
};
