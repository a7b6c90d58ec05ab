import type { Clock } from '../clock.ts';
import { timeOfDay } from './describe.ts';
import type { Routes } from './routes.ts';

/** Who did it. */
export type RecordSource = 'network' | 'application';
/** How a call ended. */
export type EndReason = 'normal-release' | 'call-rejected' | 'call-canceled' | 'ackTimeout' | 'session-expired';

/** Call detail records for applications that asked for them: an attempt, its start, its end. */
export class CallRecords {
  readonly #routes: Routes;
  readonly #clock: Clock;

  constructor(routes: Routes, clock: Clock) {
    this.#routes = routes;
    this.#clock = clock;
  }

  /** An INVITE came or left. */
  attempt(source: RecordSource, invite: Buffer): void {
    this.#post('cdr:attempt', source, '', invite);
  }

  /** A call was answered. @param role ours */
  start(source: RecordSource, role: 'uac' | 'uas' | 'proxy-uac' | 'proxy-uas', response: Buffer): void {
    this.#post('cdr:start', source, `|${role}`, response);
  }

  /** A call ended, or was never answered. */
  stop(source: RecordSource, reason: EndReason, message: Buffer): void {
    this.#post('cdr:stop', source, `|${reason}`, message);
  }

  #post(record: string, source: RecordSource, last: string, message: Buffer): void {
    const application = this.#routes.choose(record);
    application?.sendMessage(`${record}|${source}|${timeOfDay(this.#clock.now())}${last}`, message);
  }
}
