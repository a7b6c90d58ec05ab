import { Button } from 'react-aria-components';
import type { ConnectionState } from '../../connector/types.ts';

type StoppedState = Extract<ConnectionState, { kind: 'stopped' }>;

/** The connection will not come back by itself: what happened, and one way on. */
export function Stopped({ connection, onHere }: { connection: StoppedState; onHere(): void }) {
  const { title, text, action, run } = WORDS[connection.why];
  return (
    <main className="gate">
      <div className="card">
        <h1>{title}</h1>
        <p>{text}</p>
        <div className="actions">
          <Button className="button primary" autoFocus onPress={run === 'here' ? onHere : () => location.reload()}>
            {action}
          </Button>
        </div>
      </div>
    </main>
  );
}

const WORDS: Record<StoppedState['why'], { title: string; text: string; action: string; run: 'here' | 'reload' }> = {
  replaced: {
    title: 'Couchline is open in another window',
    text: 'This window has stopped, so that offers ring in one place. Your work is in the other one.',
    action: 'Use it here',
    run: 'here',
  },
  version: {
    title: 'A newer Couchline is here',
    text: 'This window is too old to talk to the service. Your work is kept.',
    action: 'Load the new one',
    run: 'reload',
  },
  unauthorized: {
    title: 'Your session is over',
    text: 'Sign in again to go on where you were.',
    action: 'Sign in',
    run: 'reload',
  },
  closed: {
    title: 'The connection is closed',
    text: 'Your work is kept by the service.',
    action: 'Connect again',
    run: 'here',
  },
};
