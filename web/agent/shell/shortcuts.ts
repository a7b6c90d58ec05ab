/** Keys that work everywhere on the desk, also while typing: Alt+Shift and a letter. */
import { useEffect, useRef } from 'react';

export const SHORTCUTS = {
  KeyA: { keys: 'Alt+Shift+A', what: 'Accept the offer' },
  KeyD: { keys: 'Alt+Shift+D', what: 'Decline the offer' },
  KeyE: { keys: 'Alt+Shift+E', what: 'End help and go to wrap-up' },
  KeyR: { keys: 'Alt+Shift+R', what: 'Be ready' },
  KeyS: { keys: 'Alt+Shift+S', what: 'Silence the ringing' },
  Slash: { keys: 'Alt+Shift+?', what: 'Show these keys' },
} as const;

export type ShortcutCode = keyof typeof SHORTCUTS;

/** Runs what stands beside the key; keys without an entry stay the browser's. */
export function useShortcuts(handlers: Partial<Record<ShortcutCode, () => void>>): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey || event.ctrlKey || event.metaKey || event.repeat) return;
      // The physical key: with Alt, some systems type another letter.
      if (!(event.code in SHORTCUTS)) return;
      const run = latest.current[event.code as ShortcutCode];
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    // Captured, because fields keep their keys from bubbling.
    document.addEventListener('keydown', press, true);
    return () => document.removeEventListener('keydown', press, true);
  }, []);
}
