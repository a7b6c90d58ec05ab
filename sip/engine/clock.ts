/** A timer that was started and can be stopped; stopping one that has fired is harmless. */
export type TimerHandle = unknown;

/** Time as the engine sees it, so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `fire(subject)` once after `ms` milliseconds. The subject is passed so that no closure is needed a message. */
  start<T>(ms: number, fire: (subject: T) => void, subject: T): TimerHandle;
  stop(timer: TimerHandle): void;
}

/** The machine's own time. Its timers never keep the process alive: open sockets do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  start: (ms, fire, subject) => setTimeout(fire, ms, subject).unref(),
  stop: (timer) => {
    clearTimeout(timer as NodeJS.Timeout | undefined);
  },
};
