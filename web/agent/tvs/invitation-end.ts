import { useEffect, useRef } from 'react';
import type { AgentState } from '../../connector/types.ts';
import { useSay } from '../parts/Words.tsx';

/** Says how an invitation ended when it did not lead to a talk. */
export function useInvitationEnd({ lastEnded }: AgentState): void {
  const say = useSay();
  const told = useRef(lastEnded);
  useEffect(() => {
    if (lastEnded === null || lastEnded === told.current) return;
    told.current = lastEnded;
    const { status, tv } = lastEnded;
    if (status.kind !== 'abandoned') return;
    if (status.reason === 'invitationDeclined') say({ tone: 'info', text: `${tv.name}: the viewer said not now.` });
    if (status.reason === 'invitationUnanswered') say({ tone: 'info', text: `${tv.name}: nobody answered.` });
  }, [lastEnded, say]);
}
