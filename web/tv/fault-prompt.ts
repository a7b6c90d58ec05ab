/** Screen 1: asks whether help is needed, once per fault per 30 minutes; unanswered for 60 s it shrinks into the player bar. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { FaultCondition } from '../connector/types.ts';
import { faultToAsk, keepAsked, OFFLINE, PROMPT_SHRINKS_MS, readAsked } from './prompt.ts';
import type { Asked, Store } from './prompt.ts';

interface Prompt {
  code: string;
  title: string;
}

export interface FaultPrompt {
  shown: Prompt | null;
  /** The fault whose prompt went unanswered. */
  shrunk: string | null;
  /** Takes it from the screen. */
  close(): void;
}

/**
 * @param faults those that stand, the latest first
 * @param mayAsk nothing else asks for an answer now
 */
export function useFaultPrompt(
  faults: readonly FaultCondition[],
  mayAsk: boolean,
  now: number,
  store: Store | null,
  onAsked: () => void,
  onShrunk: () => void,
): FaultPrompt {
  const [asked, setAsked] = useState<Asked>(() => readAsked(store, Date.now()));
  const [prompt, setPrompt] = useState<(Prompt & { since: number }) | null>(null);
  const [shrunk, setShrunk] = useState<string | null>(null);
  const offlineAt = useRef<number | null>(null);

  useEffect(() => {
    if (faults.some(({ code }) => code === OFFLINE)) offlineAt.current = now;
    if (prompt !== null) {
      if (now - prompt.since < PROMPT_SHRINKS_MS) return;
      setShrunk(prompt.title);
      setPrompt(null);
      onShrunk();
      return;
    }
    const next = mayAsk ? faultToAsk(faults, asked, now, offlineAt.current) : null;
    if (next === null) return;
    const kept = { ...asked, [next.code]: now };
    setAsked(kept);
    keepAsked(store, kept);
    setPrompt({ code: next.code, title: next.title, since: now });
    onAsked();
  }, [now, faults, mayAsk, prompt]);
  const sound = faults.length === 0;
  useEffect(() => {
    if (sound) setShrunk(null);
  }, [sound]);

  return { shown: prompt, shrunk, close: () => setPrompt(null) };
}
