import { afterEach, describe, expect, it } from 'vitest';
import { northlight, sam } from '../registration/people.ts';
import { startHttp, type Http } from './server.ts';

let http: Http;
afterEach(() => http.close());

const right = { email: sam.email, password: sam.password };
const wrong = { email: sam.email, password: 'something else' };

describe('sign-in', () => {
  it('[M2] sets a cookie that scripts and other sites cannot use, and says who signed in', async () => {
    http = await startHttp();
    const answer = await http.post('/api/sign-in', { ...right, email: ' SAM@northlight.example ' });
    expect(answer.status).toBe(200);
    const me = await answer.json();
    expect(me).toMatchObject({ name: sam.name, email: sam.email, roles: ['agent'], centre: northlight });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^couchline=[\w-]{43}; Path=\/; Expires=[^;]+ GMT; HttpOnly; SameSite=Strict$/);
    const mine = await http.get('/api/me', { cookie: cookie.split(';')[0]! });
    expect([mine.status, await mine.json(), mine.headers.get('cache-control')]).toEqual([200, me, 'no-store']);
  });

  it('[M2] by https the cookie stays on https', async () => {
    http = await startHttp({ publicUrl: 'https://help.example' });
    const answer = await http.post('/api/sign-in', right);
    expect(answer.headers.get('set-cookie')).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
    expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=/);
  });

  it('[M2] never says which of the two was wrong', async () => {
    http = await startHttp();
    const tries = [wrong, { ...right, email: 'bob@northlight.example' }];
    const answers = await Promise.all(tries.map((body) => http.post('/api/sign-in', body)));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401]);
    const [one, other] = await Promise.all(answers.map((answer) => answer.text()));
    expect(one).toBe(other);
    expect(answers[0]!.headers.get('set-cookie')).toBeNull();
  });

  it('[M2] takes nothing that is not an address and a password', async () => {
    http = await startHttp();
    for (const body of [
      {},
      [],
      null,
      { email: sam.email },
      { ...right, password: 1 },
      { ...right, email: 'x'.repeat(201) },
    ]) {
      const answer = await http.post('/api/sign-in', body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: 'malformed' });
    }
  });

  it('[M2] bounds the guesses at one account, also when they come at once, and says when to come back', async () => {
    http = await startHttp({ limits: { signInPerAccount: { points: 3, seconds: 60 } } });
    const guesses = await Promise.all(Array.from({ length: 6 }, () => http.post('/api/sign-in', wrong)));
    expect(guesses.map(({ status }) => status).sort()).toEqual([401, 401, 401, 429, 429, 429]);
    const late = await http.post('/api/sign-in', right);
    expect(late.status).toBe(429);
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await late.json()).toMatchObject({ error: 'rateLimited' });
    const other = await http.post('/api/sign-in', { email: 'priya@southbank.example', password: sam.password });
    expect(other.status).toBe(200);
  });

  it('[M2] forgives an account that got it right', async () => {
    http = await startHttp({ limits: { signInPerAccount: { points: 2, seconds: 60 } } });
    for (const body of [wrong, right, wrong, right]) {
      expect((await http.post('/api/sign-in', body)).status).toBe(body === right ? 200 : 401);
    }
  });

  it('[M2] bounds the guesses from one address over all accounts', async () => {
    http = await startHttp({ limits: { signInPerAddress: { points: 2, seconds: 60 } } });
    const guess = (n: number) => http.post('/api/sign-in', { email: `agent${n}@northlight.example`, password: 'x' });
    expect((await guess(1)).status).toBe(401);
    expect((await guess(2)).status).toBe(401);
    expect((await guess(3)).status).toBe(429);
  });

  it('[M2] behind a proxy, each client has its own address', async () => {
    http = await startHttp({ trustProxy: true, limits: { signInPerAddress: { points: 1, seconds: 60 } } });
    const from = (address: string) => http.post('/api/sign-in', wrong, { 'x-forwarded-for': address });
    expect((await from('192.0.2.1')).status).toBe(401);
    expect((await from('192.0.2.2')).status).toBe(401);
    // What a client puts before the proxy's own word does not count.
    expect((await from('198.51.100.9, 192.0.2.1')).status).toBe(429);
  });
});

describe('sign-out', () => {
  it('[M2] ends the session and takes the cookie back, twice without harm', async () => {
    http = await startHttp();
    const cookie = await http.signIn();
    const out = await http.post('/api/sign-out', {}, { cookie });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^couchline=; Path=\/; Expires=Thu, 01 Jan 1970/);
    expect((await http.get('/api/me', { cookie })).status).toBe(401);
    expect((await http.post('/api/sign-out', {}, { cookie })).status).toBe(204);
  });
});
