/** When the fault prompt may come up: once per fault per 30 minutes (screen 1). */
import type { FaultCondition } from '../connector/types.ts';

export const PROMPT_AGAIN_MS = 30 * 60_000;
/** The code of a TV without a network. */
export const OFFLINE = 'network:offline';
/** Unanswered for so long, the prompt shrinks into the player bar. */
export const PROMPT_SHRINKS_MS = 60_000;

/** When each fault was last asked about, by code; milliseconds since the epoch. */
export type Asked = Readonly<Record<string, number>>;

/**
 * A picture that stopped so shortly before the network was noticed to be gone stopped because of
 * it, and so long after the network came back it may still be catching up. Milliseconds.
 */
const OF_ONE_CAUSE_MS = 60_000;

/**
 * The fault to ask about now: the latest that was not asked about lately; null for none. A TV that
 * is not online and a picture that stops for that reason are asked about once.
 * @param offlineAt when the TV was last seen to be without a network; null for never
 */
export function faultToAsk(
  faults: readonly FaultCondition[],
  asked: Asked,
  now: number,
  offlineAt: number | null,
): FaultCondition | null {
  const cutOff = offlineAt !== null && now - offlineAt < OF_ONE_CAUSE_MS;
  const askedAlready = ({ code, since }: FaultCondition): boolean =>
    now - (asked[code] || -Infinity) < PROMPT_AGAIN_MS ||
    (code === OFFLINE && Object.keys(asked).some((other) => ofPlayback(other) && isSince(asked[other], since)));
  return faults.filter((fault) => !(cutOff && ofPlayback(fault.code)) && !askedAlready(fault))[0] || null;
}

function ofPlayback(code: string): boolean {
  return code.indexOf('playback:') === 0;
}

function isSince(at: number | undefined, since: number): boolean {
  return at !== undefined && at >= since - OF_ONE_CAUSE_MS;
}

const KEY = 'couchline.asked';

export type Store = Pick<Storage, 'getItem' | 'setItem'>;

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
