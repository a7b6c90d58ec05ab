/** Text that is being written, kept for this tab so that a reload or a change of page takes nothing away. */
import { useCallback, useState } from 'react';

/**
 * Like useState, and remembered under `key` until it is set to null.
 * @param key what it belongs to, such as `message.<interaction id>`
 */
export function useKept<T>(key: string): [T | null, (value: T | null) => void] {
  const name = `couchline.${key}`;
  const [state, setState] = useState<{ name: string; value: T | null }>(() => ({ name, value: read<T>(name) }));
  const value = state.name === name ? state.value : read<T>(name);
  const set = useCallback(
    (next: T | null) => {
      try {
        if (next === null) sessionStorage.removeItem(name);
        else sessionStorage.setItem(name, JSON.stringify(next));
      } catch {
        // Without storage it lives as long as the page does.
      }
      setState({ name, value: next });
    },
    [name],
  );
  return [value, set];
}

function read<T>(name: string): T | null {
  try {
    const kept = sessionStorage.getItem(name);
    // Written by `set` above under the same name and of the same page.
    return kept === null ? null : (JSON.parse(kept) as T);
  } catch {
    return null;
  }
}
