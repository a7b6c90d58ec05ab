/** Something the page reads over HTTP: loading, there, or not, and read again when asked. */
import { useCallback, useEffect, useRef, useState } from 'react';

export type Loaded<T> = { kind: 'loading' } | { kind: 'ready'; value: T } | { kind: 'failed'; message: string };

export interface Loader<T> {
  loaded: Loaded<T>;
  /** Reads again; what is there stays until the answer has come. */
  reload(): void;
  /** Puts in place what another call answered with. */
  put(value: T): void;
}

/**
 * Calls `read` whenever `key` changes, and drops answers that come late.
 * @param key null reads nothing
 */
export function useLoad<T>(key: string | null, read: () => Promise<T>): Loader<T> {
  const [state, setState] = useState<{ key: string | null; loaded: Loaded<T> }>({ key, loaded: { kind: 'loading' } });
  const [round, setRound] = useState(0);
  const reader = useRef(read);
  const turn = useRef(0);
  useEffect(() => {
    reader.current = read;
  });
  useEffect(() => {
    if (key === null) return;
    const mine = (turn.current += 1);
    const settle = (loaded: Loaded<T>) => {
      if (mine === turn.current) setState({ key, loaded });
    };
    reader.current().then(
      (value) => settle({ kind: 'ready', value }),
      (error: unknown) => settle({ kind: 'failed', message: messageOf(error) }),
    );
  }, [key, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const put = useCallback(
    (value: T) => {
      turn.current += 1;
      setState({ key, loaded: { kind: 'ready', value } });
    },
    [key],
  );
  return { loaded: state.key === key ? state.loaded : { kind: 'loading' }, reload, put };
}

/** Reads again every `everyMs` while `isOn` and the page is looked at: in the background it can be old. */
export function useReadAgain(reload: () => void, everyMs: number, isOn = true): void {
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      if (!document.hidden) reload();
    }, everyMs);
    return () => clearInterval(timer);
  }, [reload, everyMs, isOn]);
}

/** What can be shown of an error: our own errors speak for themselves, others get a plain sentence. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && (error.name === 'ApiFailure' || 'code' in error)) return error.message;
  return 'Something went wrong on this page. Nothing was changed. Try again.';
}
