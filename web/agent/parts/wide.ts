import { useSyncExternalStore } from 'react';

/** Whether the page is at least this many CSS pixels wide. */
export function useWide(pixels: number): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = matchMedia(`(min-width: ${pixels}px)`);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => matchMedia(`(min-width: ${pixels}px)`).matches,
  );
}
