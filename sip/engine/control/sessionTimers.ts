import type { Clock } from '../clock.ts';
import type { Dialog } from '../dialogs/dialog.ts';
import type { SessionTimer } from '../dialogs/sessionTimer.ts';
import { newTag } from '../ids.ts';
import type { SipHeaders } from '../messages/headers.ts';
import type { SipRequest, SipResponse } from '../messages/message.ts';
import { parseMinSE, parseSessionExpires, serializeSessionExpires } from '../messages/sessionExpires.ts';
import type { Application } from './application.ts';
import { respondTo } from './response.ts';

/** RFC 4028 4: no session interval is shorter. */
export const MIN_SESSION_SECONDS = 90;
/** The longest that a timer of Node's can be set to: 24 days. */
const MAX_MS = 2 ** 31 - 1;
/** RFC 4028 10: so long before the end a session is ended that nobody refreshed; a third of short ones. */
const MARGIN_SECONDS = 32;

/** What becomes of a session whose time has come. */
export interface SessionTimerOwner {
  /** It is ours to refresh. */
  refreshDue(dialog: Dialog<Application>): void;
  /** Nobody refreshed it: it is to be ended. */
  sessionExpired(dialog: Dialog<Application>): void;
}

/**
 * Session timers (RFC 4028), as drachtio-server keeps them, so that an application finds the same on either: a timer that
 * the caller asks for is granted without the application, one that the application writes into its INVITE or 2xx is
 * kept to; where the refreshing falls to us it is done at half the interval and no application hears of it; a session
 * that nobody refreshed is ended with a BYE, and the application is told of that. Below Min-SE the answer is 422.
 * An application that wants none need do nothing: the engine never asks for one by itself.
 */
export class SessionTimers {
  readonly #owner: SessionTimerOwner;
  readonly #clock: Clock;
  readonly #minimum: number;

  /** @param minimum the shortest interval that is granted, in seconds */
  constructor(owner: SessionTimerOwner, clock: Clock, minimum: number) {
    this.#owner = owner;
    this.#clock = clock;
    this.#minimum = minimum;
  }

  /** 422 for an interval that is too short (9), where the client can ask for another. */
  refusal(request: SipRequest): SipResponse | undefined {
    const asked = request.headers.read('session-expires', parseSessionExpires);
    if (!asked || asked.seconds >= this.#minimum || !knowsTimers(request)) return undefined;
    const response = respondTo(request, 422, 'Session Interval Too Small', newTag());
    response.headers.add('Min-SE', String(this.#minimum));
    return response;
  }

  /** Writes into our 2xx what is agreed on: what the application wrote, else what the client asked for (9). */
  grant(request: SipRequest, { headers }: SipResponse, timer: SessionTimer | undefined): void {
    const known = knowsTimers(request);
    const written = headers.read('session-expires', parseSessionExpires);
    const asked = written ?? request.headers.read('session-expires', parseSessionExpires) ?? lasting(timer, known);
    if (!asked) return;
    // 9, table 2: a client that knows no timers cannot refresh.
    const refresher = asked.refresher ?? (known ? 'uac' : 'uas');
    const seconds = written ? asked.seconds : Math.max(asked.seconds, this.#minimum);
    headers.set('Session-Expires', serializeSessionExpires({ seconds, refresher: known ? refresher : 'uas' }));
    if (known && refresher === 'uac' && !headers.all('require').includes('timer')) headers.add('Require', 'timer');
  }

  /** What a request of ours in a dialog asks for, so that its 2xx does not end the timer (7.1). */
  ask(timer: SessionTimer, headers: SipHeaders): void {
    if (headers.has('session-expires')) return;
    if (!headers.all('supported').includes('timer')) headers.add('Supported', 'timer');
    const refresher = timer.refresher === 'us' ? 'uac' : 'uas';
    headers.set('Session-Expires', serializeSessionExpires({ seconds: timer.seconds, refresher }));
    if (this.#minimum > MIN_SESSION_SECONDS) headers.set('Min-SE', String(this.#minimum));
  }

  /** A 2xx to INVITE or UPDATE went by: the timer starts anew, or ends where it says nothing (7.2). */
  agreed(dialog: Dialog<Application>, role: 'uac' | 'uas', request: SipRequest, response: SipResponse): void {
    const before = dialog.sessionTimer;
    const agreed = response.headers.read('session-expires', parseSessionExpires);
    if (!agreed && !before) return;
    this.stop(dialog);
    if (!agreed) return;
    const [ours, theirs] = role === 'uac' ? [request, response] : [response, request];
    const seconds = Math.max(agreed.seconds, this.#minimum);
    const timer: SessionTimer = {
      seconds,
      refresher: (agreed.refresher ?? 'uac') === role ? 'us' : 'them',
      peerTakesUpdate: before?.peerTakesUpdate === true || theirs.headers.all('allow').includes('UPDATE'),
      description: ours.body.length > 0 ? ours.body : (before?.description ?? ours.body),
      endsAt: this.#clock.now() + 1000 * (seconds - Math.min(MARGIN_SECONDS, seconds / 3)),
      handle: undefined,
    };
    dialog.sessionTimer = timer;
    if (timer.refresher === 'us') this.#start(dialog, 500 * seconds, refresh);
    else this.refreshing(dialog);
  }

  /** A refresh was sent, or is theirs to send; unless it is answered with a 2xx the session ends in time. */
  refreshing(dialog: Dialog<Application>): void {
    this.#start(dialog, Infinity, expire);
  }

  /** The refresh cannot be sent now, for something else is under way: it waits, but for no longer than the session lasts. */
  postpone(dialog: Dialog<Application>, ms: number): void {
    this.#start(dialog, ms, refresh);
  }

  /**
   * Our refresh was refused (10).
   * @returns what is to be done: end the session at once, refresh with a longer interval, or wait for the end
   */
  refused(timer: SessionTimer, { status, headers }: SipResponse): 'end' | 'again' | 'wait' {
    if (status === 408 || status === 481) return 'end';
    const least = headers.read('min-se', parseMinSE) ?? 0;
    if (status !== 422 || least <= timer.seconds) return 'wait';
    timer.seconds = least;
    return 'again';
  }

  /** The dialog is over, or has no timer any more. Harmless where there is none. */
  stop(dialog: Dialog<Application>): void {
    this.#clock.stop(dialog.sessionTimer?.handle);
    dialog.sessionTimer = undefined;
  }

  due(dialog: Dialog<Application>): void {
    this.#owner.refreshDue(dialog);
  }

  expire(dialog: Dialog<Application>): void {
    this.#owner.sessionExpired(dialog);
  }

  /** Lets `fire` happen after so many milliseconds, and the end of the session in its place where that comes first. */
  #start(dialog: Dialog<Application>, ms: number, fire: (subject: Due) => void): void {
    const timer = dialog.sessionTimer;
    if (!timer) return;
    this.#clock.stop(timer.handle);
    const left = Math.max(0, timer.endsAt - this.#clock.now());
    const due = { timers: this, dialog };
    timer.handle = this.#clock.start(Math.min(ms, left, MAX_MS), ms < left ? fire : expire, due);
  }
}

interface Due {
  timers: SessionTimers;
  dialog: Dialog<Application>;
}

function refresh({ timers, dialog }: Due): void {
  timers.due(dialog);
}

function expire({ timers, dialog }: Due): void {
  timers.expire(dialog);
}

function knowsTimers({ headers }: SipRequest): boolean {
  return headers.all('supported').includes('timer') || headers.all('require').includes('timer');
}

/** The timer that a request in its dialog says nothing of, from the server's side. */
function lasting(timer: SessionTimer | undefined, known: boolean) {
  if (!timer || !known) return undefined;
  return { seconds: timer.seconds, refresher: timer.refresher === 'us' ? ('uas' as const) : ('uac' as const) };
}
