import { useState } from 'react';
import { messageOf } from './load.ts';

interface Attempt {
  isBusy: boolean;
  /** Why the last one did not work; null when it did, or there was none. */
  failure: string | null;
  /** Does nothing while one is under way. */
  attempt(action: () => Promise<void>): Promise<void>;
}

/** Something that is asked of the service once at a time, and may be refused. */
export function useAttempt(): Attempt {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  return {
    isBusy,
    failure,
    async attempt(action) {
      if (isBusy) return;
      setBusy(true);
      setFailure(null);
      try {
        await action();
      } catch (error) {
        setFailure(messageOf(error));
      }
      setBusy(false);
    },
  };
}
