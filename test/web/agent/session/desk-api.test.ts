import { describe, expect, it } from 'vitest';
import { createDeskApi } from '../../../../web/agent/session/desk-api.ts';
import { deviceName } from '../../../../web/agent/session/device.ts';

function served(status: number, body: unknown) {
  const asked: { path: string; init: RequestInit }[] = [];
  let over = 0;
  const api = createDeskApi(
    () => {
      over += 1;
    },
    async (path, init = {}) => {
      asked.push({ path: String(path), init });
      return new Response(status === 204 ? null : typeof body === 'string' ? body : JSON.stringify(body), { status });
    },
  );
  return { api, asked, sessionsOver: () => over };
}

describe('the HTTP side of the desk', () => {
  it('marks what changes something, and what reads not', async () => {
    const { api, asked } = served(200, []);
    await api.tvs('living room & kitchen');
    await api.saveDraft(2, 3, []);
    expect(asked[0]?.path).toBe('/api/tvs?search=living%20room%20%26%20kitchen');
    expect(new Headers(asked[0]?.init.headers).has('x-couchline')).toBe(false);
    expect(new Headers(asked[1]?.init.headers).get('x-couchline')).toBe('1');
    expect(asked.every(({ init }) => init.credentials === 'same-origin')).toBe(true);
  });

  it('passes on the service’s own words', async () => {
    const { api } = served(409, { error: 'conflict', message: 'Alice saved a draft moments ago.' });
    await expect(api.publish(1, '')).rejects.toMatchObject({
      status: 409,
      code: 'conflict',
      message: 'Alice saved a draft moments ago.',
    });
  });

  it('has words of its own for what is not the service’s answer', async () => {
    await expect(served(502, '<html>Bad gateway</html>').api.catalogue()).rejects.toMatchObject({ status: 502 });
    const silent = createDeskApi(
      () => {},
      async () => {
        throw new TypeError('fetch failed');
      },
    );
    await expect(silent.catalogue()).rejects.toMatchObject({ status: 0, code: 'offline' });
  });

  it('tells when the session is over, but not when a sign-in was refused', async () => {
    const { api, sessionsOver } = served(401, { error: 'unauthorized', message: 'You are not signed in.' });
    await expect(api.signIn('sam@harbour.example', 'wrong')).rejects.toThrow();
    expect(sessionsOver()).toBe(0);
    await expect(api.catalogue()).rejects.toThrow();
    expect(sessionsOver()).toBe(1);
  });

  it('takes an answer without a body', async () => {
    await expect(served(204, null).api.signOut()).resolves.toBeUndefined();
  });
});

describe('[M2] what this computer is', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox 128 on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
      'Edge 140 on Windows',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
      'Safari 18 on macOS',
    ],
    ['curl/8', 'A browser'],
  ])('%s', (userAgent, name) => {
    expect(deviceName(userAgent)).toBe(name);
  });
});
