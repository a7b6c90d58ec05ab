/**
 * What is offered, and everything else behind it. An offer is painted in the frame after its message: its card
 * stands on the page already and is filled in the message's own task, and until that is painted nothing else on the
 * page changes, neither the figures of the line nor the agent's own presence, which come in the same breath.
 */
import { useMemo, useSyncExternalStore } from 'react';
import type { AgentConnector, AgentState, InteractionView } from '../../connector/types.ts';
import { afterPaint } from './after-paint.ts';

type Offered = InteractionView & { status: { kind: 'offered' } };

/** The interaction that is offered to this agent now. */
export function offeredIn(state: AgentState): Offered | null {
  return state.interactions.find((view): view is Offered => view.status.kind === 'offered') ?? null;
}

export function useOffered(connector: AgentConnector): Offered | null {
  return useSyncExternalStore(connector.subscribe, () => offeredIn(connector.state));
}

/** The connector's state as it comes, but for the moment in which a new offer is being painted. */
export function useBehindOffers(connector: AgentConnector): AgentState {
  const behind = useMemo(() => behindOffers(connector), [connector]);
  return useSyncExternalStore(behind.subscribe, behind.state);
}

function behindOffers(connector: AgentConnector) {
  let shown = connector.state;
  return {
    state: () => shown,
    subscribe(listener: () => void) {
      let last = offeredIn(connector.state)?.status.offerId ?? null;
      let takeBack: (() => void) | null = null;
      const follow = () => {
        takeBack = null;
        shown = connector.state;
        listener();
      };
      const unsubscribe = connector.subscribe((state) => {
        const offerId = offeredIn(state)?.status.offerId ?? null;
        const isNew = offerId !== null && offerId !== last;
        last = offerId;
        if (takeBack !== null) return;
        if (isNew) takeBack = afterPaint(follow);
        else follow();
      });
      shown = connector.state;
      return () => {
        unsubscribe();
        takeBack?.();
      };
    },
  };
}
