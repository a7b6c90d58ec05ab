/** What the database tells those who watch the service. */
import type { Database } from './database.ts';
import { countUndelivered, type Undelivered } from './queries/countUndelivered.ts';
import { countWaiting } from './queries/countWaiting.ts';
import { listOverdue } from './queries/listOverdue.ts';

export interface DatabaseReadings {
  /** Of every queue of every centre. */
  waiting(): Promise<{ centreId: string; queueId: string; waiting: number }[]>;
  /** Of each kind of job that is due, how many seconds the oldest has been. */
  overdue(): Promise<{ task: string; seconds: number }[]>;
  /** Of webhooks. */
  undelivered(): Promise<Undelivered[]>;
}

export function createReadings(database: Database): DatabaseReadings {
  return {
    waiting: () => countWaiting(database),
    overdue: () => listOverdue(database),
    undelivered: () => countUndelivered(database),
  };
}
