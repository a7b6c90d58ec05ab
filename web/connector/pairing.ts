/**
 * Pairing in the shape of RFC 8628: the TV shows a code, somebody who is signed in confirms it
 * on another screen, the TV polls for its credentials. A code that ends is replaced by a new one
 * without the viewer noticing more than other letters.
 */
import type { DeviceAuthorization, PairedCredentials, PairingError } from '../../src/protocol/api.ts';
import { cut } from './bounds.ts';
import type { Surroundings } from './surroundings.ts';
import type { PairingShown } from './types.ts';

/** RFC 8628 §3.5: `slow_down` adds five seconds for good. */
const SLOWER_BY_S = 5;
/** RFC 8628 §3.2: the interval when none is named. */
const INTERVAL_S = 5;
/** Wait after the service could not be reached, doubled each time up to the most; milliseconds. */
const RETRY_FIRST_MS = 2_000;
const RETRY_MOST_MS = 30_000;
/** A request that is not answered within this was lost. */
const ANSWER_WITHIN_MS = 30_000;

export interface PairingOptions {
  url: string;
  model: string;
  surroundings: Surroundings;
  /** Null once nothing is to be shown any more. */
  show(pairing: PairingShown | null): void;
}

export interface Pairing {
  /** Resolves once somebody confirmed; never rejects. */
  done: Promise<PairedCredentials>;
  stop(): void;
}

type Answer = { ok: boolean; status: number; body: unknown };

export function startPairing({ url, model, surroundings, show }: PairingOptions): Pairing {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let stopped = false;
  let failures = 0;
  let shown: PairingShown | null = null;
  let finish: (credentials: PairedCredentials) => void = () => undefined;
  const done = new Promise<PairedCredentials>((resolve) => {
    finish = resolve;
  });

  function post(path: string, body: object, heard: (answer: Answer) => void, again: () => void): void {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answered = surroundings
      .fetch(url.replace(/\/+$/, '') + path, options)
      .then((response) =>
        response.json().then((json: unknown) => ({ ok: response.ok, status: response.status, body: json })),
      );
    const late = new Promise<never>((_resolve, reject) => {
      setTimeout(reject, ANSWER_WITHIN_MS);
    });
    Promise.race([answered, late])
      .then((answer) => {
        if (stopped) return;
        if (answer.status >= 500 || answer.status === 429) throw new Error('later');
        failures = 0;
        if (shown !== null && shown.offline) tell({ ...shown, offline: false });
        heard(answer);
      })
      .catch(() => {
        // Not reached, or no sound answer: RFC 8628 §3.5 asks for ever longer waits.
        later(again, Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * Math.pow(2, failures)));
        failures += 1;
        if (shown !== null && !shown.offline && !stopped) tell({ ...shown, offline: true });
      });
  }

  function tell(next: PairingShown | null): void {
    shown = next;
    show(next);
  }

  function later(then: () => void, ms: number): void {
    if (!stopped) timer = setTimeout(then, ms);
  }

  function ask(): void {
    post(
      '/pairing/device',
      { model: cut(model, 60) || 'unknown' },
      ({ ok, body }) => {
        const device = body as DeviceAuthorization;
        if (!ok || typeof device.device_code !== 'string' || typeof device.user_code !== 'string')
          throw new Error('later');
        const expiresAt = Date.now() + device.expires_in * 1000;
        const address = device.verification_uri.replace(/^https?:\/\//, '');
        tell({ userCode: device.user_code, address, expiresAt, offline: false });
        poll(device, expiresAt, device.interval || INTERVAL_S);
      },
      ask,
    );
  }

  function poll(device: DeviceAuthorization, expiresAt: number, seconds: number): void {
    const look = (): void => {
      if (Date.now() >= expiresAt) ask();
      else post('/pairing/token', { device_code: device.device_code }, heard, look);
    };
    const heard = ({ ok, body }: Answer): void => {
      if (ok) {
        const { serial, secret } = body as PairedCredentials;
        if (typeof serial !== 'string' || typeof secret !== 'string') throw new Error('later');
        stopped = true;
        tell(null);
        finish({ serial, secret });
        return;
      }
      const { error } = body as PairingError;
      if (error === 'authorization_pending') later(look, seconds * 1000);
      else if (error === 'slow_down') poll(device, expiresAt, seconds + SLOWER_BY_S);
      else if (error === 'access_denied') {
        // Somebody said no, perhaps to the wrong TV: this one stays ready, without haste.
        tell(null);
        later(ask, seconds * 1000);
      } else ask();
    };
    later(look, seconds * 1000);
  }

  ask();
  return {
    done,
    stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
