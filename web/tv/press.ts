/** A press that goes to the service: taken once, seen to be under way, and never without an end. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { TvConnector, ViewerCommand } from '../connector/types.ts';
import { refusalWords } from './refusals.ts';

/** Not answered for so long it is said, and then a choice is offered. Milliseconds. */
const SLOW_MS = 5_000;
const CHOICE_MS = 15_000;

interface Press {
  number: number;
  /** The id of the button that was pressed. */
  button: string | null;
  leaves: boolean;
  /** Since when the service could have answered. */
  since: number;
}

export interface Presses {
  /** The button whose press is not answered yet. */
  busy: string | null;
  slow: 'no' | 'said' | 'choice';
  /** The one that is not answered leaves help. */
  leaves: boolean;
  /**
   * While one press is not answered no other is taken, but one that leaves.
   * @param button the id of what was pressed
   * @param taken runs when the service has it
   */
  say(command: ViewerCommand, button: string | null, taken?: () => void): void;
  keepWaiting(): void;
  /** It is not waited for any more; what was said stays said. */
  goBack(): void;
}

/**
 * @param online what waits for a network is not slow
 * @param onRefused told in the viewer's words
 */
export function usePresses(
  connector: TvConnector,
  online: boolean,
  now: number,
  onRefused: (words: string) => void,
): Presses {
  const [press, setPress] = useState<Press | null>(null);
  const latest = useRef<Press | null>(null);
  const count = useRef(0);
  const put = (next: Press | null): void => {
    latest.current = next;
    setPress(next);
  };
  const beginAnew = (): void => {
    if (latest.current !== null) put({ ...latest.current, since: Date.now() });
  };
  useEffect(beginAnew, [online]);

  const waited = press === null || !online ? 0 : now - press.since;
  return {
    busy: press && press.button,
    slow: waited >= CHOICE_MS ? 'choice' : waited >= SLOW_MS ? 'said' : 'no',
    leaves: press !== null && press.leaves,
    say(command, button, taken) {
      const leaves = command.type === 'leave';
      if (latest.current !== null && !leaves) return;
      count.current += 1;
      const number = count.current;
      put({ number, button, leaves, since: Date.now() });
      const over = (): void => {
        if (latest.current !== null && latest.current.number === number) put(null);
      };
      connector.say(command).then(
        () => {
          over();
          if (taken) taken();
        },
        (error: unknown) => {
          over();
          onRefused(refusalWords(error));
        },
      );
    },
    keepWaiting: beginAnew,
    goBack: () => put(null),
  };
}
