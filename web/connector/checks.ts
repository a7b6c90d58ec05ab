/** Runs a task's check on the TV itself, so that "fixed" is seen and not only said (B3). */
import type { Check } from '../../src/diagnosis/diagnosis.ts';
import { cut } from './bounds.ts';
import type { Faults } from './faults.ts';
import { checkPlayback } from './playbackCheck.ts';
import type { Surroundings } from './surroundings.ts';
import type { AttachOptions, CheckResult } from './types.ts';

const NETWORK_WITHIN_MS = 8_000;
const FAULT_WITHIN_MS = 10_000;
const FAULT_LOOK_EVERY_MS = 250;
const HOST_WITHIN_MS = 20_000;
const RESULTS = ['verified', 'failed', 'unavailable'];

/** What checks are run with. */
export interface CheckBench {
  url: string;
  surroundings: Surroundings;
  faults: Faults;
  /** The element attached last, or null. */
  video(): { element: HTMLVideoElement; options: AttachOptions } | null;
  /** The host's check of this name. */
  host(name: string): (() => Promise<CheckResult>) | undefined;
}

export interface RunningCheck {
  /** Resolves within 20 s, or a little more than a playback check asks for; never rejects. */
  result: Promise<CheckResult>;
  stop(): void;
}

export function runCheck(check: Check, bench: CheckBench): RunningCheck {
  switch (check.kind) {
    case 'playback':
      return playback(check.seconds, bench);
    case 'network':
      return network(check.url || `${bench.url.replace(/\/+$/, '')}/healthz`, bench.surroundings);
    case 'fault':
      return fault(check.code, bench.faults);
    case 'host':
      return host(check.name, bench);
    default:
      return settled(unavailable('This TV does not know this check'));
  }
}

const unavailable = (evidence: string): CheckResult => ({ result: 'unavailable', evidence });

function settled(result: CheckResult): RunningCheck {
  return { result: Promise.resolve(result), stop: () => undefined };
}

/** As `result`, and `late` after `ms`. */
function within(ms: number, result: Promise<CheckResult>, late: CheckResult): RunningCheck {
  let timer: ReturnType<typeof setTimeout>;
  const stop = (): void => {
    clearTimeout(timer);
  };
  const bound = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  const raced = Promise.race([result, bound]);
  void raced.then(stop);
  return { result: raced, stop };
}

function playback(seconds: number, bench: CheckBench): RunningCheck {
  const attached = bench.video();
  if (attached === null) return settled(unavailable('There is no player on the screen'));
  const { result, stop } = checkPlayback(attached.element, seconds, attached.options.retry);
  return { result: result.catch(() => unavailable('The player could not try the stream again')), stop };
}

function network(url: string, surroundings: Surroundings): RunningCheck {
  const began = Date.now();
  const busting = `${url.indexOf('?') === -1 ? '?' : '&'}couchline=${began.toString(36)}`;
  // Without CORS: any answer shows that the way there works, whatever it says.
  const answer = surroundings.fetch(url + busting, { mode: 'no-cors', cache: 'no-store', credentials: 'omit' }).then(
    (): CheckResult => ({ result: 'verified', evidence: `The network answered in ${Date.now() - began} ms` }),
    (): CheckResult => ({ result: 'failed', evidence: 'The network does not answer' }),
  );
  const late = `No answer from the network in ${NETWORK_WITHIN_MS / 1000} s`;
  return within(NETWORK_WITHIN_MS, answer, { result: 'failed', evidence: late });
}

function fault(code: string, faults: Faults): RunningCheck {
  let timer: ReturnType<typeof setInterval> | null = null;
  const stop = (): void => {
    if (timer !== null) clearInterval(timer);
  };
  const result = new Promise<CheckResult>((resolve) => {
    const endsAt = Date.now() + FAULT_WITHIN_MS;
    const look = (): void => {
      const stands = faults.stands(code);
      if (stands && Date.now() < endsAt) return;
      stop();
      resolve(
        stands
          ? { result: 'failed', evidence: `${code} is still there after ${FAULT_WITHIN_MS / 1000} s` }
          : { result: 'verified', evidence: `${code} is gone` },
      );
    };
    timer = setInterval(look, FAULT_LOOK_EVERY_MS);
    look();
  });
  return { result, stop };
}

function host(name: string, bench: CheckBench): RunningCheck {
  const run = bench.host(name);
  if (run === undefined) return settled(unavailable(`This TV has no check named ${cut(name, 60)}`));
  const result = new Promise<CheckResult>((resolve) => {
    resolve(run());
  }).then(
    (said) =>
      RESULTS.indexOf(said.result) === -1
        ? unavailable('The check gave an answer that is not known')
        : { result: said.result, evidence: cut(said.evidence, 200) || said.result },
    () => unavailable('The check could not be run'),
  );
  // A check that does not answer has seen nothing: it neither verifies nor contradicts the viewer.
  return within(HOST_WITHIN_MS, result, unavailable(`The check gave no answer in ${HOST_WITHIN_MS / 1000} s`));
}
