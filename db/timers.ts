/**
 * Says timers when their time has come: looks for those that are due, claims them, and takes away what was said. Each
 * is said at least once, by whichever service on this database comes first; one that was claimed and not taken away,
 * because it failed or its service ended, is said again when the claim is over.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Timer } from '../src/events/ports.ts';
import type { Database } from './database.ts';
import { claimTimers } from './queries/claimTimers.ts';
import { deleteTimers } from './queries/deleteTimers.ts';

/** Milliseconds between two looks; so late a timer may be. */
const LOOK_EVERY = 250;
/** Taken at a time. */
const AT_ONCE = 200;

export interface Timers {
  /** False while the database does not answer. */
  running(): boolean;
  /** Finishes what is under way and says no more. */
  stop(): Promise<void>;
}

export interface TimersOptions {
  /** Called at least once for every timer whose time has come; when it throws, it is called again later. */
  perform: (timer: Timer) => Promise<void>;
  onError: (error: unknown, job: string) => void;
  /** The clock that timers are set by, milliseconds since the epoch. */
  clock: () => number;
}

export function startTimers(database: Database, options: TimersOptions): Timers {
  const { perform, onError, clock } = options;
  const stopping = new AbortController();
  let running = true;
  const done = work();
  return {
    running: () => running,
    async stop() {
      stopping.abort();
      await done;
    },
  };

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const more = await look();
      if (!more) await delay(LOOK_EVERY, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  /** @returns whether more may be due */
  async function look(): Promise<boolean> {
    try {
      const due = await claimTimers(database, clock(), AT_ONCE);
      running = true;
      if (due.length === 0) return false;
      const said = await Promise.all(due.map(async (timer) => ((await say(timer)) ? [timer] : [])));
      await deleteTimers(database, said.flat());
      return due.length === AT_ONCE;
    } catch (error) {
      if (running) onError(error, 'timers');
      running = false;
      return false;
    }
  }

  async function say(timer: Timer): Promise<boolean> {
    try {
      await perform(timer);
      return true;
    } catch (error) {
      onError(error, 'timer');
      return false;
    }
  }
}
