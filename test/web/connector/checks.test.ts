import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Check } from '../../../src/diagnosis/diagnosis.ts';
import { runCheck } from '../../../web/connector/checks.ts';
import type { CheckBench } from '../../../web/connector/checks.ts';
import { createFaults } from '../../../web/connector/faults.ts';
import type { CheckResult } from '../../../web/connector/types.ts';
import { FakeVideo } from './fakeVideo.ts';
import { room } from './service.ts';

let video: FakeVideo;
let retries: number;
let asked: { url: string; init: RequestInit | undefined }[];
let hostChecks: Record<string, () => Promise<CheckResult>>;
let network: () => Promise<Response>;
let bench: CheckBench;

beforeEach(() => {
  vi.useFakeTimers();
  video = new FakeVideo();
  retries = 0;
  asked = [];
  hostChecks = {};
  network = () => Promise.resolve(new Response());
  bench = {
    url: 'https://help.example/',
    surroundings: room({
      fetch: (url, init) => {
        asked.push({ url, init });
        return network();
      },
    }),
    faults: createFaults(() => undefined),
    video: () => ({ element: video.element, options: { retry: () => (retries += 1) } }),
    host: (name) => hostChecks[name],
  };
});

afterEach(() => {
  vi.useRealTimers();
});

/** Runs the check while the seconds pass; `each` is told every quarter of a second. */
async function after(seconds: number, check: Check, each: (second: number) => void = () => undefined) {
  let result: CheckResult | null = null;
  void runCheck(check, bench).result.then((said) => (result = said));
  for (let quarter = 0; quarter < seconds * 4; quarter += 1) {
    each(quarter / 4);
    await vi.advanceTimersByTimeAsync(250);
  }
  return result as CheckResult | null;
}

describe('the check of kind playback', () => {
  const check: Check = { kind: 'playback', seconds: 10 };
  const plays = (): void => {
    video.currentTime += 0.25;
  };

  it('[B3] tries the stream again, and verifies a picture that stays', async () => {
    expect(await after(9.75, check, plays)).toBeNull();
    expect(retries).toBe(1);
    expect(await after(10.25, check, plays)).toEqual({
      result: 'verified',
      evidence: '10 s of picture without a stop',
    });
  });

  it('[B3] fails when no picture comes within 20 s', async () => {
    expect(await after(19.5, check)).toBeNull();
    expect(await after(20.5, check)).toEqual({
      result: 'failed',
      evidence: 'No picture after trying the stream again',
    });
  });

  it('[B3] begins to count anew after a stop, and says how far it came', async () => {
    const stops = (second: number): void => {
      if (second % 8 < 5) plays();
    };
    expect(await after(21, check, stops)).toEqual({
      result: 'failed',
      evidence: 'The picture stopped again after 5 s',
    });
  });

  it('[B3] a seek is no picture', async () => {
    const seeks = (): void => {
      video.currentTime += 30;
    };
    expect((await after(21, check, seeks))?.result).toBe('failed');
  });

  it('[B3] fails at once when the stream gives an error', async () => {
    const breaks = (second: number): void => {
      if (second === 2) video.fail(4);
    };
    expect(await after(3, check, breaks)).toEqual({ result: 'failed', evidence: 'The stream gives an error (4)' });
  });

  it('[B3] waits longer for a check that asks for more picture', async () => {
    const long: Check = { kind: 'playback', seconds: 30 };
    expect((await after(31, long, plays))?.result).toBe('verified');
  });

  it('[B3] without a way to retry, loads a broken element and plays it', async () => {
    bench.video = () => ({ element: video.element, options: {} });
    video.error = { code: 3, message: '' };
    expect((await after(10.25, check, plays))?.result).toBe('verified');
    expect([video.loads, video.plays]).toEqual([1, 1]);
  });

  it('[B3] cannot be run without a player, or with one whose retry fails', async () => {
    bench.video = () => null;
    expect((await after(1, check))?.result).toBe('unavailable');
    bench.video = () => ({
      element: video.element,
      options: {
        retry: () => {
          throw new Error('gone');
        },
      },
    });
    expect((await after(1, check))?.result).toBe('unavailable');
  });
});

describe('the check of kind network', () => {
  it('[B3] verifies when the service answers, past every cache', async () => {
    expect(await after(1, { kind: 'network' })).toEqual({
      result: 'verified',
      evidence: 'The network answered in 0 ms',
    });
    expect(asked[0]?.url).toMatch(/^https:\/\/help\.example\/healthz\?couchline=\w+$/);
    expect(asked[0]?.init).toMatchObject({ cache: 'no-store', mode: 'no-cors' });
  });

  it('[B3] asks the address it was given', async () => {
    await after(1, { kind: 'network', url: 'https://cdn.example/a?b=1' });
    expect(asked[0]?.url).toMatch(/^https:\/\/cdn\.example\/a\?b=1&couchline=\w+$/);
  });

  it('[B3] fails without an answer, at once or after 8 s', async () => {
    network = () => Promise.reject(new TypeError('no network'));
    expect(await after(1, { kind: 'network' })).toEqual({ result: 'failed', evidence: 'The network does not answer' });
    network = () => new Promise(() => undefined);
    expect(await after(7.75, { kind: 'network' })).toBeNull();
    expect(await after(8, { kind: 'network' })).toEqual({
      result: 'failed',
      evidence: 'No answer from the network in 8 s',
    });
  });
});

describe('the check of kind fault', () => {
  const check: Check = { kind: 'fault', code: 'tr069:9002' };

  it('[B3] verifies when the fault is not, or not any more, raised', async () => {
    expect(await after(0.25, check)).toEqual({ result: 'verified', evidence: 'tr069:9002 is gone' });
    bench.faults.raise({ code: 'tr069:9002', title: 'Internal error' });
    const clears = (second: number): void => {
      if (second === 6) bench.faults.clear('tr069:9002');
    };
    expect((await after(7, check, clears))?.result).toBe('verified');
  });

  it('[B3] fails when it still stands after 10 s', async () => {
    bench.faults.raise({ code: 'tr069:9002', title: 'Internal error' });
    expect(await after(9.75, check)).toBeNull();
    expect(await after(10.25, check)).toEqual({
      result: 'failed',
      evidence: 'tr069:9002 is still there after 10 s',
    });
  });
});

describe('the check of kind host', () => {
  const check: Check = { kind: 'host', name: 'tuner' };

  it('[B3] says what the host saw, cut to a sentence', async () => {
    hostChecks['tuner'] = () => Promise.resolve({ result: 'failed', evidence: `no lock ${'.'.repeat(300)}` });
    const said = await after(1, check);
    expect(said?.result).toBe('failed');
    expect(said?.evidence).toHaveLength(200);
  });

  it('[B3] cannot be run when nobody registered it, it breaks, answers nonsense, or never', async () => {
    expect((await after(1, check))?.result).toBe('unavailable');
    hostChecks['tuner'] = () => Promise.reject(new Error('no tuner'));
    expect((await after(1, check))?.result).toBe('unavailable');
    hostChecks['tuner'] = () => {
      throw new Error('no tuner');
    };
    expect((await after(1, check))?.result).toBe('unavailable');
    hostChecks['tuner'] = () => Promise.resolve({ result: 'fine', evidence: '' } as unknown as CheckResult);
    expect((await after(1, check))?.result).toBe('unavailable');
    hostChecks['tuner'] = () => new Promise(() => undefined);
    expect(await after(19.75, check)).toBeNull();
    expect((await after(20, check))?.result).toBe('unavailable');
  });
});

it('[B3] a check of a kind from the future cannot be run here', async () => {
  expect((await after(1, { kind: 'smell' } as unknown as Check))?.result).toBe('unavailable');
});
