import { CoarseTimers, CoarseTimer } from './coarseTimers.ts';

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

/** What is to wait this long may wait a little longer. No retransmission is among it: the longest pause is 4 seconds. */
const COARSE_FROM_MS = 5000;

const coarse = new CoarseTimers();

/** The machine's own time. Its timers never keep the process alive: open sockets do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  start: (ms, fire, subject) =>
    ms >= COARSE_FROM_MS ? coarse.start(ms, fire, subject) : setTimeout(fire, ms, subject).unref(),
  stop: (timer) => {
    if (timer instanceof CoarseTimer) timer.stop();
    else clearTimeout(timer as NodeJS.Timeout | undefined);
  },
};
