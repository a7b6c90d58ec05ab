/** A face's state: replaced whole on every change, told to listeners once per turn of the event loop's microtasks. */
import type { Unsubscribe } from './types.ts';

export interface Store<S> {
  readonly state: S;
  /** Changes fields; a patch that changes nothing tells nobody. */
  set(patch: Partial<S>): void;
  subscribe(listener: (state: S) => void): Unsubscribe;
}

export function createStore<S extends object>(initial: S): Store<S> {
  let state = initial;
  let due = false;
  let listeners: ((state: S) => void)[] = [];

  function tell(): void {
    due = false;
    for (const listener of listeners) {
      try {
        listener(state);
      } catch (error) {
        // A host's mistake in one listener is the host's to see; the others still hear.
        console.error(error);
      }
    }
  }

  return {
    get state() {
      return state;
    },
    set(patch) {
      if ((Object.keys(patch) as (keyof S)[]).every((key) => state[key] === patch[key])) return;
      state = { ...state, ...patch };
      if (due) return;
      due = true;
      void Promise.resolve().then(tell);
    },
    subscribe(listener) {
      const own = (next: S): void => {
        listener(next);
      };
      listeners = listeners.concat(own);
      return () => {
        listeners = listeners.filter((one) => one !== own);
      };
    },
  };
}
