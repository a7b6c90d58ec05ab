/** What the TV of one interaction tells of the moment, for the parts of the page that show it. */
import { createContext, use, useSyncExternalStore } from 'react';
import type { AgentConnector, LiveView } from '../../connector/types.ts';

/** It changes every second: who shows it listens to it alone, and the rest of the page rests. */
export const LiveSource = createContext<Pick<AgentConnector, 'liveOf' | 'subscribeLive'>>({
  liveOf: () => null,
  subscribeLive: () => () => undefined,
});

export function useLive(interactionId: string): LiveView | null {
  const { liveOf, subscribeLive } = use(LiveSource);
  return useSyncExternalStore(subscribeLive, () => liveOf(interactionId));
}

/** Milliseconds after which a live figure is old: the TV tells once a second. */
export const STALE_AFTER_MS = 3_000;
