/** When the fault prompt may come up: once per fault per 30 minutes (screen 1). */
import type { FaultCondition } from '../connector/types.ts';

export const PROMPT_AGAIN_MS = 30 * 60_000;
/** Unanswered for so long, the prompt shrinks into the player bar. */
export const PROMPT_SHRINKS_MS = 60_000;

/** When each fault was last asked about, by code; milliseconds since the epoch. */
export type Asked = Readonly<Record<string, number>>;

/** The fault to ask about now: the latest that was not asked about lately; null for none. */
export function faultToAsk(faults: readonly FaultCondition[], asked: Asked, now: number): FaultCondition | null {
  return faults.filter(({ code }) => now - (asked[code] || -Infinity) >= PROMPT_AGAIN_MS)[0] || null;
}

const KEY = 'couchline.asked';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** What was asked before a reload. A store that is missing or blocked forgets. */
export function readAsked(store: Store | null, now: number): Asked {
  try {
    const kept: unknown = JSON.parse((store && store.getItem(KEY)) || '{}');
    const asked: Record<string, number> = {};
    if (typeof kept !== 'object' || kept === null) return asked;
    for (const code of Object.keys(kept)) {
      const at = (kept as Record<string, unknown>)[code];
      if (typeof at === 'number' && at <= now && now - at < PROMPT_AGAIN_MS) asked[code] = at;
    }
    return asked;
  } catch {
    return {};
  }
}

export function keepAsked(store: Store | null, asked: Asked): void {
  try {
    if (store) store.setItem(KEY, JSON.stringify(asked));
  } catch {
    // Full or blocked: the prompt may come once more after a reload, nothing else is lost.
  }
}
