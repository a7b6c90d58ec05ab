import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pairingDeviceBody } from '../../../src/protocol/api.ts';
import { CLOSE } from '../../../src/protocol/version.ts';
import { startPairing } from '../../../web/connector/pairing.ts';
import type { Pairing } from '../../../web/connector/pairing.ts';
import { createTvConnector } from '../../../web/connector/tv.ts';
import type { PairingShown } from '../../../web/connector/types.ts';
import { room, shelf, startService, until } from './service.ts';

const device = (userCode: string, changes = {}): object => ({
  device_code: `device-code-of-${userCode}`,
  user_code: userCode,
  verification_uri: 'https://help.example/pair',
  verification_uri_complete: `https://help.example/pair?code=${userCode}`,
  expires_in: 600,
  interval: 5,
  ...changes,
});

const paired = { serial: 'LR-1', secret: 'a-secret-of-sixteen' };

describe('pairing', () => {
  let pairing: Pairing;
  /** Requests, each with the moment it came, in seconds from the start. */
  let asked: { path: string; at: number; body: unknown }[];
  let answers: (() => Response | Promise<Response>)[];
  let shown: (PairingShown | null)[];

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    answers = [];
    shown = [];
  });

  afterEach(() => {
    pairing.stop();
    vi.useRealTimers();
  });

  const says = (status: number, body: object) => () => Response.json(body, { status });
  const error = (name: string) => says(400, { error: name });

  function start(): void {
    const began = Date.now();
    const scripted = (url: string, init?: RequestInit): Promise<Response> => {
      const body: unknown = JSON.parse(String(init?.body));
      asked.push({ path: url.replace('https://help.example', ''), at: (Date.now() - began) / 1000, body });
      const answer = answers.shift();
      return answer === undefined ? Promise.reject(new TypeError('no network')) : Promise.resolve(answer());
    };
    pairing = startPairing({
      url: 'https://help.example/',
      model: 'X40',
      surroundings: room({ fetch: scripted }),
      show: (what) => shown.push(what),
    });
  }

  it('[M1] says that a code is of no use while the service is not reached, and when it is again', async () => {
    const lost = () => Promise.reject(new TypeError('no network'));
    const pending = error('authorization_pending');
    answers = [says(200, device('BCDF-GHJK')), lost, lost, pending, pending, says(200, paired)];
    start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await pairing.done).toEqual(paired);
    expect(shown.map((one) => one && one.offline)).toEqual([false, true, false, null]);
  });

  it('[M1] shows the code, asks at the interval, and ends with the credentials', async () => {
    answers = [says(200, device('BCDF-GHJK')), error('authorization_pending'), says(200, paired)];
    start();
    await vi.advanceTimersByTimeAsync(0);
    expect(pairingDeviceBody.safeParse(asked[0]?.body).success).toBe(true);
    expect(shown).toEqual([
      { userCode: 'BCDF-GHJK', address: 'help.example/pair', expiresAt: Date.now() + 600_000, offline: false },
    ]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await pairing.done).toEqual(paired);
    expect(shown.at(-1)).toBeNull();
    expect(asked.map(({ path, at }) => [path, at])).toEqual([
      ['/pairing/device', 0],
      ['/pairing/token', 5],
      ['/pairing/token', 10],
    ]);
  });

  it('[M1] asks five seconds slower for good after slow_down', async () => {
    answers = [
      says(200, device('BCDF-GHJK')),
      error('slow_down'),
      error('authorization_pending'),
      error('slow_down'),
      error('authorization_pending'),
    ];
    start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.slice(1, 6).map(({ at }) => at)).toEqual([5, 15, 25, 40, 55]);
  });

  it.each(['expired_token', 'invalid_grant'])('[M1] after %s shows a new code in place of the old', async (name) => {
    answers = [says(200, device('BCDF-GHJK')), error(name), says(200, device('LMNP-QRST')), says(200, paired)];
    start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shown.map((what) => what?.userCode)).toEqual(['BCDF-GHJK', 'LMNP-QRST', undefined]);
    expect(await pairing.done).toEqual(paired);
  });

  it('[M1] renews a code that is over by the TV’s own clock without asking about it', async () => {
    answers = [says(200, device('BCDF-GHJK', { expires_in: 4 })), says(200, device('LMNP-QRST'))];
    start();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(asked.map(({ path }) => path)).toEqual(['/pairing/device', '/pairing/device']);
    expect(shown.at(-1)?.userCode).toBe('LMNP-QRST');
  });

  it('[M1] somebody who says no ends the code; the TV stays ready with another', async () => {
    answers = [says(200, device('BCDF-GHJK')), error('access_denied'), says(200, device('LMNP-QRST'))];
    start();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(shown.at(-1)).toBeNull();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(shown.at(-1)?.userCode).toBe('LMNP-QRST');
  });

  it('[M1] waits longer each time the service is not reached, gives nonsense or is busy', async () => {
    answers = [
      () => Promise.reject(new TypeError('no network')),
      says(503, {}),
      says(429, {}),
      () => new Response('<html>', { status: 200 }),
      says(200, { hello: 'world' }),
      says(200, device('BCDF-GHJK')),
      () => Promise.reject(new TypeError('no network')),
      says(200, paired),
    ];
    start();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(asked.map(({ at }) => at)).toEqual([0, 2, 6, 14, 30, 32, 37, 39]);
    expect(await pairing.done).toEqual(paired);
  });

  it('[M1] takes a request without an answer in half a minute as lost', async () => {
    answers = [() => new Promise(() => undefined), says(200, device('BCDF-GHJK'))];
    start();
    await vi.advanceTimersByTimeAsync(32_000);
    expect(shown.at(-1)?.userCode).toBe('BCDF-GHJK');
  });

  it('[M1] stops when told', async () => {
    answers = [says(200, device('BCDF-GHJK'))];
    start();
    await vi.advanceTimersByTimeAsync(0);
    pairing.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveLength(1);
  });
});

describe('a TV that pairs', () => {
  it('[M1] keeps its credentials over a reload, and pairs anew when they are not taken any more', async () => {
    const service = await startService();
    const codes = ['BCDF-GHJK', 'LMNP-QRST'];
    service.answers.set('/pairing/device', () => ({
      status: 200,
      body: device(codes.shift() ?? '', { interval: 0.01 }),
    }));
    service.answers.set('/pairing/token', () => ({ status: 200, body: paired }));
    const storage = shelf();
    const options = { url: service.url, credentials: 'pair' as const, told: { model: 'X40' }, storage };

    const first = createTvConnector(options, room());
    expect((await until(first, ({ pairing }) => pairing !== null)).pairing?.userCode).toBe('BCDF-GHJK');
    const peer = await service.connection();
    expect((await peer.registerTv())['credentials']).toEqual({ kind: 'secret', ...paired });
    await until(first, ({ connection }) => connection.kind === 'online');
    expect(first.state.pairing).toBeNull();
    first.close();

    const second = createTvConnector(options, room());
    const refusing = await service.connection();
    const registration = await refusing.next('registerTv');
    expect(registration['credentials']).toEqual({ kind: 'secret', ...paired });
    refusing.refuse(registration, 'unauthorized');
    refusing.close(CLOSE.unauthorized);
    expect((await until(second, ({ pairing }) => pairing !== null)).pairing?.userCode).toBe('LMNP-QRST');
    await (await service.connection()).registerTv();
    await until(second, ({ connection }) => connection.kind === 'online');
    second.close();
    await service.stop();
  });
});
