import type { ReactNode } from 'react';
import { Loading } from './Loading.tsx';
import type { Loader } from './load.ts';
import { NotRead } from './Notice.tsx';

interface Props<T> {
  from: Pick<Loader<T>, 'loaded' | 'reload'>;
  /** Lines that stand for what is coming. */
  rows?: number;
  children(value: T): ReactNode;
}

/** What the page reads, once it is there; until then that it is loading, or why it was not read. */
export function Read<T>({ from: { loaded, reload }, rows = 3, children }: Props<T>) {
  if (loaded.kind === 'loading') return <Loading rows={rows} again={reload} />;
  if (loaded.kind === 'failed') return <NotRead message={loaded.message} again={reload} />;
  return children(loaded.value);
}
