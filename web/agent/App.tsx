import { useCallback, useEffect, useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Me } from '../../src/protocol/api.ts';
import type { AgentConnector } from '../connector/types.ts';
import { Loading } from './parts/Loading.tsx';
import { messageOf } from './parts/load.ts';
import { Notice } from './parts/Notice.tsx';
import { WordsProvider } from './parts/Words.tsx';
import { ApiFailure } from './session/desk-api.ts';
import type { DeskApi } from './session/desk-api.ts';
import { SignIn } from './session/SignIn.tsx';
import { Desk } from './Desk.tsx';

type Session =
  | { kind: 'opening' }
  | { kind: 'unreachable'; message: string }
  | { kind: 'signedOut'; why: string | null }
  | { kind: 'signedIn'; me: Me };

export interface AppProps {
  openApi(onSessionOver: () => void): DeskApi;
  connect(): AgentConnector;
}

/** Who is here: nobody yet, or a signed-in agent with a desk. */
export function App({ openApi, connect }: AppProps) {
  const [session, setSession] = useState<Session>({ kind: 'opening' });
  const sessionOver = useCallback(() => {
    setSession((before) =>
      before.kind === 'signedIn'
        ? { kind: 'signedOut', why: 'Your session is over. Sign in again to go on where you were.' }
        : before,
    );
  }, []);
  const api = useMemo(() => openApi(sessionOver), [openApi, sessionOver]);

  const open = useCallback(() => {
    api.me().then(
      (me) => setSession({ kind: 'signedIn', me }),
      (error: unknown) => {
        if (error instanceof ApiFailure && error.status === 401) setSession({ kind: 'signedOut', why: null });
        else setSession({ kind: 'unreachable', message: messageOf(error) });
      },
    );
  }, [api]);
  useEffect(open, [open]);

  switch (session.kind) {
    case 'opening':
      return (
        <div className="gate">
          <Loading again={open} />
        </div>
      );
    case 'unreachable':
      return (
        <main className="gate">
          <h1>Couchline</h1>
          <Notice
            tone="bad"
            actions={
              <Button className="button" onPress={open}>
                Try again
              </Button>
            }
          >
            {session.message}
          </Notice>
        </main>
      );
    case 'signedOut':
      return (
        <SignIn
          why={session.why}
          signIn={async (email, password) => setSession({ kind: 'signedIn', me: await api.signIn(email, password) })}
        />
      );
    case 'signedIn':
      return (
        <WordsProvider>
          <Desk
            me={session.me}
            api={api}
            connect={connect}
            onSessionOver={sessionOver}
            onSignOut={async () => {
              await api.signOut();
              setSession({ kind: 'signedOut', why: 'You are signed out.' });
            }}
          />
        </WordsProvider>
      );
  }
}
