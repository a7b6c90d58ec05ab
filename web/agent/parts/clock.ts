/** The moment, for what counts up or down on the page. */
import { useEffect, useState } from 'react';

/**
 * The service's clock, read again every `everyMs`.
 * @param offset milliseconds to add to this computer's clock
 */
export function useNow(offset: number, everyMs = 1000): number {
  const [own, setOwn] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setOwn(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return own + offset;
}
