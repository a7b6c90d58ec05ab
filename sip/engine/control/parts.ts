import type { Clock } from '../clock.ts';
import type { Dialogs } from '../dialogs/dialogs.ts';
import type { TransactionTimers } from '../transactions/timers.ts';
import type { Transactions } from '../transactions/transactions.ts';
import type { Dns } from '../transports/target.ts';
import type { Transports } from '../transports/transports.ts';
import type { Application } from './application.ts';
import type { Bindings } from './bindings.ts';
import type { CallRecords } from './callRecords.ts';
import type { Routes } from './routes.ts';
import type { SessionTimers } from './sessionTimers.ts';

/** What the user agents and the proxy work with; one of each in an engine. */
export interface Parts {
  clock: Clock;
  timers: TransactionTimers;
  dns: Dns;
  transports: Transports;
  transactions: Transactions;
  dialogs: Dialogs<Application>;
  routes: Routes;
  bindings: Bindings;
  records: CallRecords;
  sessionTimers: SessionTimers;
}
