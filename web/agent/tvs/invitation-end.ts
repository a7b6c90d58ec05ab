import { useEffect, useRef } from 'react';
import type { AgentState } from '../../connector/types.ts';
import { useSay } from '../parts/Words.tsx';

/** Says how an invitation ended when it did not lead to a talk: the connector forgets it at once. */
export function useInvitationEnd({ interactions, clockOffset, connection }: AgentState): void {
  const say = useSay();
  const open = useRef(new Map<string, { name: string; expiresAt: number }>());
  useEffect(() => {
    for (const [id, { name, expiresAt }] of open.current) {
      const view = interactions.find((one) => one.id === id);
      if (view?.status.kind === 'invited') continue;
      open.current.delete(id);
      if (view !== undefined || connection.kind !== 'online') continue;
      const late = Date.now() + clockOffset >= expiresAt - 500;
      say({ tone: 'info', text: late ? `${name}: nobody answered.` : `${name}: the viewer said not now.` });
    }
    for (const view of interactions) {
      if (view.status.kind !== 'invited') continue;
      open.current.set(view.id, { name: view.tv.name, expiresAt: view.status.expiresAt });
    }
  }, [interactions, clockOffset, connection.kind, say]);
}
