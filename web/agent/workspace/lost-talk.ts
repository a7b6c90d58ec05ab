import { useEffect, useRef } from 'react';
import type { AgentState, InteractionView } from '../../connector/types.ts';
import { useSay } from '../parts/Words.tsx';

/** Says so when a talk was given to the line while this page was not online: else it is gone without a word. */
export function useLostTalk({ connection, interactions }: Pick<AgentState, 'connection' | 'interactions'>): void {
  const say = useSay();
  /** The talks as the connection was lost; null while there is one. */
  const before = useRef<InteractionView[] | null>(null);
  useEffect(() => {
    if (connection.kind === 'offline') before.current ??= interactions.filter(({ status }) => status.kind === 'active');
    if (connection.kind !== 'online' || before.current === null) return;
    for (const talk of before.current) {
      const now = interactions.find(({ id }) => id === talk.id)?.status.kind;
      if (now === 'active' || now === 'wrapUp') continue;
      say({ tone: 'bad', text: `Your talk with ${talk.tv.name} went back to the line while you were not online.` });
    }
    before.current = null;
  }, [connection.kind, interactions, say]);
}
