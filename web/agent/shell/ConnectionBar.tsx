import type { ConnectionState } from '../../connector/types.ts';
import { useNow } from '../parts/clock.ts';
import { Icon } from '../parts/Icon.tsx';
import { clockTime, secondsLeft } from '../parts/time.ts';

/** Nothing while online. Old content stays below it, dimmed. */
export function ConnectionBar({ connection }: { connection: ConnectionState }) {
  return (
    <div role="status" className="connection">
      {connection.kind === 'offline' ? <Offline connection={connection} /> : null}
    </div>
  );
}

function Offline({ connection }: { connection: Extract<ConnectionState, { kind: 'offline' }> }) {
  const now = useNow(0);
  const left = secondsLeft(connection.nextTryAt, now);
  return (
    <p className="connection-bar">
      <Icon name="lost" />
      <span>
        Not online since {clockTime(connection.since)}. Your work is kept, and what you see is from then.{' '}
        {/* Counting aloud would drown everything else. */}
        <span aria-hidden="true">{left > 0 ? `Trying again in ${left} s.` : 'Trying again.'}</span>
      </span>
    </p>
  );
}
