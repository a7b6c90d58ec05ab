import { useEffect, useState } from 'react';

/** Milliseconds after which what is under way is slow. */
const SLOW_AFTER_MS = 5_000;

/** True once something has been under way for five seconds. */
export function useSlow(isBusy: boolean): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isBusy) return;
    const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isBusy]);
  return isSlow;
}

/** Beside a button whose answer takes long; nothing before that. */
export function Slow({ isBusy }: { isBusy: boolean }) {
  if (!useSlow(isBusy)) return null;
  return (
    <p className="slow quiet" role="status">
      This is taking longer than usual. What you wrote is kept.
    </p>
  );
}
