/** State that is watched: replaced whole on every change, told once per turn of the microtasks. */

export type Unsubscribe = () => void;

export interface Observable<S> {
  readonly state: S;
  /** Called with the new state on every change, at most once a task. */
  subscribe(listener: (state: S) => void): Unsubscribe;
}

export interface Store<S> extends Observable<S> {
  /** Changes fields; a patch that changes nothing tells nobody. */
  set(patch: Partial<S>): void;
}

export function createStore<S extends object>(initial: S): Store<S> {
  const listeners = new Set<{ hear: (state: S) => void }>();
  let state = initial;
  let telling = false;

  function tell(): void {
    telling = false;
    listeners.forEach(({ hear }) => {
      try {
        hear(state);
      } catch (error) {
        // An app's mistake in one listener is the app's to see; the others still hear.
        console.error(error);
      }
    });
  }

  return {
    get state() {
      return state;
    },
    set(patch) {
      const changed = (Object.keys(patch) as (keyof S)[]).some((key) => patch[key] !== state[key]);
      if (!changed) return;
      state = Object.assign({}, state, patch);
      if (!telling) void Promise.resolve().then(tell);
      telling = true;
    },
    subscribe(hear) {
      const entry = { hear };
      listeners.add(entry);
      return () => {
        listeners.delete(entry);
      };
    },
  };
}
