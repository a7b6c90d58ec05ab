/** Who may read /metrics where no token is set: this machine itself, and nobody through a proxy on it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttp, type Http } from './server.ts';

const text = async () => ({
  contentType: 'text/plain; version=0.0.4; charset=utf-8',
  body: 'couchline_events_total 1\n',
});
let open: Http;
let none: Http;

beforeAll(async () => {
  open = await startHttp({ metrics: { text, token: null } });
  none = await startHttp();
});
afterAll(() => Promise.all([open.close(), none.close()]));

describe('GET /metrics without a token', () => {
  it('answers this machine', async () => {
    const answer = await open.get('/metrics');
    expect(answer.headers.get('content-type')).toContain('version=0.0.4');
    expect(await answer.text()).toBe('couchline_events_total 1\n');
  });

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'])('is not there for what came with %s', async (name) => {
    const answer = await open.get('/metrics', { [name]: '127.0.0.1' });
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('couchline_');
  });

  it('is not there at all where nobody counts', async () => {
    expect((await none.get('/metrics')).status).toBe(404);
  });
});
