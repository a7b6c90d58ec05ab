import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sam } from '../registration/people.ts';
import { priya, startHttp, type Http } from './server.ts';

let http: Http;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.close());

const right = { email: sam.email, password: sam.password };

describe('what changes something', () => {
  it('[M3] comes from our own pages alone', async () => {
    const strangers: Record<string, string | undefined>[] = [
      { 'x-couchline': undefined },
      { 'x-couchline': '0' },
      { origin: 'https://elsewhere.example' },
      { origin: `${http.url}.elsewhere.example` },
      { origin: 'null' },
    ];
    for (const headers of strangers) {
      const answer = await http.post('/api/sign-in', right, headers);
      expect([answer.status, await answer.json()]).toMatchObject([403, { error: 'foreignOrigin' }]);
    }
    expect((await http.post('/api/sign-in', right, { origin: http.url })).status).toBe(200);
  });

  it('[M3] comes by the public address too, when a proxy changes the Host', async () => {
    const proxied = await startHttp({ publicUrl: 'https://help.example' });
    const answer = await proxied.post('/api/sign-in', right, { origin: 'https://help.example' });
    await proxied.close();
    expect(answer.status).toBe(200);
  });
});

describe('what is not understood', () => {
  it('is answered with what to do, and nothing of the inside', async () => {
    const answer = await http.post('/api/sign-in', '{"email":');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'malformed', message: 'The request is not JSON. Correct it and send it again.' },
    ]);
  });

  it('is not read when it is longer than 64 kB', async () => {
    const answer = await http.post('/api/sign-in', { ...right, more: 'x'.repeat(64 * 1024) });
    expect([answer.status, await answer.json()]).toMatchObject([413, { error: 'tooLarge' }]);
  });

  it('is refused in encodings and types that are not spoken here', async () => {
    const encoded = await http.post('/api/sign-in', right, { 'content-encoding': 'lzma' });
    expect([encoded.status, await encoded.json()]).toMatchObject([415, { error: 'malformed' }]);
    const form = await http.post('/api/sign-in', 'email=sam', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.status, await form.json()]).toMatchObject([400, { error: 'malformed' }]);
  });

  it('is named by its field', async () => {
    const cookie = await http.signIn();
    const answer = await http.post('/api/pairings/BCDF-GHJK', { allow: true, name: '', customer: null }, { cookie });
    expect(((await answer.json()) as { message: string }).message).toContain('"name"');
  });

  it('has no address here', async () => {
    for (const path of [
      '/nothing',
      '/api/nothing',
      '/api/tvs/tv-1',
      '/pairing/nothing',
      '/%E0%A4%A',
      '/..%2f..%2fetc%2fpasswd',
    ]) {
      const answer = await http.get(path);
      expect([path, answer.status, Object.keys((await answer.json()) as object)]).toEqual([
        path,
        404,
        ['error', 'message'],
      ]);
    }
  });
});

describe('TVs of a centre', () => {
  it('[M7] are listed for its agents, and none for others', async () => {
    const cookie = await http.signIn();
    const listed = (await (await http.get('/api/tvs?search=Living', { cookie })).json()) as { name: string }[];
    expect(listed.map((tv) => tv.name)).toEqual(['Living room TV']);
    expect(await (await http.get('/api/tvs?search=attic', { cookie })).json()).toEqual([]);
    const history = (await (await http.get('/api/tvs/tv-1/history', { cookie })).json()) as { outcome: string }[];
    expect(history[0]?.outcome).toBe('fixedVerified');
    const other = { cookie: await http.signIn(priya) };
    expect(await (await http.get('/api/tvs', other)).json()).toEqual([]);
    expect((await http.get('/api/tvs/tv-1/history', other)).status).toBe(404);
  });

  it('[M3] are shown to nobody who is not signed in', async () => {
    const cookie = `couchline=${'x'.repeat(43)}`;
    for (const path of ['/api/me', '/api/tvs', '/api/tvs/tv-1/history', '/api/pairings/BCDF-GHJK', '/api/catalogue']) {
      expect([path, (await http.get(path)).status, (await http.get(path, { cookie })).status]).toEqual([
        path,
        401,
        401,
      ]);
    }
  });

  it('[M7] are not asked for in ways that make no sense', async () => {
    const cookie = await http.signIn();
    for (const path of [`/api/tvs?search=${'x'.repeat(81)}`, '/api/tvs?search=a&search=b', '/api/tvs/a%20b/history']) {
      expect([path, (await http.get(path, { cookie })).status]).toEqual([path, 400]);
    }
  });
});

describe('every answer', () => {
  it('tells browsers what to refuse, and not what it runs on', async () => {
    for (const path of ['/', '/api/me', '/nothing', '/healthz']) {
      const { headers } = await http.get(path);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("script-src 'self';");
      expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    }
  });

  it('is bounded in number for one caller; another agent is not kept waiting', async () => {
    const few = await startHttp({ limits: { api: { points: 3, seconds: 60 } } });
    const mine = { cookie: await few.signIn() };
    const others = { cookie: await few.signIn(priya) };
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await few.get('/api/me', mine)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await few.get('/api/me', others)).status).toBe(200);
    await few.close();
  });

  it('hides an error of ours from people and shows it in the log', async () => {
    const broken = await startHttp({
      tvs: {
        listTvs: () => Promise.reject(new Error('relation "tvs" does not exist')),
        tvHistory: () => Promise.reject(new Error('unused')),
      },
    });
    const answer = await broken.get('/api/tvs?search=alice', { cookie: await broken.signIn() });
    const text = await answer.text();
    await broken.close();
    expect(answer.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ error: 'unavailable' });
    expect(text).not.toContain('relation');
    expect(broken.logged).toMatchObject([
      [{ err: { message: 'relation "tvs" does not exist' }, path: '/api/tvs' }, expect.any(String)],
    ]);
    expect(JSON.stringify(broken.logged)).not.toContain('alice');
  });
});

describe('who comes with a browser', () => {
  const accept = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

  it('reads a page where nothing is, with a way on; programs get JSON', async () => {
    const answer = await http.get('/nothing/<b>', { accept });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const page = await answer.text();
    expect(page).toContain('<h1>This page is not here</h1>');
    expect(page).toContain('<a href="/">Go to the first page</a>');
    for (const taken of ['*/*', 'application/json']) {
      expect(await (await http.get('/nothing', { accept: taken })).json()).toMatchObject({ error: 'notFound' });
    }
  });

  it('reads whether the service is ready, and why not', async () => {
    const ready = await http.get('/readyz', { accept });
    expect([ready.status, ready.headers.get('vary')]).toEqual([200, 'Accept']);
    expect(await ready.text()).toContain('<h1>The service is ready</h1>');
    const missing = 'There is no sound & no picture.';
    const down = { database: () => Promise.reject(new Error('down')), workerRuns: () => true };
    const server = await startHttp({ readiness: { ...down, mediaMissing: () => missing } });
    const answer = await server.get('/readyz', { accept });
    const page = await answer.text();
    await server.close();
    expect(answer.status).toBe(503);
    expect(page).toContain('<h1>The service is not ready</h1>');
    expect(page).toContain('<p>The database does not answer within 1 second.</p>');
    expect(page).toContain('<p>There is no sound &amp; no picture.</p>');
  });
});

describe('while the database does not answer', () => {
  it.each([
    ['is gone', () => Promise.reject(new Error('connection terminated'))],
    ['hangs', () => new Promise(() => {})],
  ])('[M4] a request says so with 503, as /readyz does; it %s', async (_, database) => {
    const readiness = { database, workerRuns: () => true, mediaMissing: () => null };
    const tvHistory = () => Promise.reject(new Error('unused'));
    const tvs = { listTvs: () => Promise.reject(new Error('Query read timeout')), tvHistory };
    const server = await startHttp({ readiness, tvs });
    const answer = await server.get('/api/tvs?search=', { cookie: await server.signIn() });
    const body = (await answer.json()) as { error: string; message: string };
    await server.close();
    expect(answer.status).toBe(503);
    expect(body.error).toBe('unavailable');
    expect(body.message).toMatch(/^The database does not answer within 1 second\. .* Try again in a moment\.$/);
  });
});

describe('health', () => {
  const health = async (
    readiness: { database: () => Promise<unknown>; workerRuns: () => boolean },
    mediaMissing: string | null = null,
  ) => {
    const server = await startHttp({ readiness: { ...readiness, mediaMissing: () => mediaMissing } });
    const answers = await Promise.all([server.get('/healthz'), server.get('/readyz')]);
    const [alive, ready] = answers.map(({ status }) => status);
    const { reasons, without } = (await answers[1].json()) as { reasons: string[]; without: string[] };
    await server.close();
    return { alive, ready, reasons, without };
  };

  it('is well with a database and a worker', async () => {
    expect(await health({ database: async () => 1, workerRuns: () => true })).toEqual({
      alive: 200,
      ready: 200,
      reasons: [],
      without: [],
    });
  });

  it('[B8] is ready without media, and says that it is without', async () => {
    const missing = 'There is no sound and no picture: the media worker is not there.';
    expect(await health({ database: async () => 1, workerRuns: () => true }, missing)).toMatchObject({
      ready: 200,
      reasons: [],
      without: [missing],
    });
  });

  it('says what is missing, while the process is alive', async () => {
    const down = await health({ database: () => Promise.reject(new Error('down')), workerRuns: () => false });
    expect(down).toMatchObject({ alive: 200, ready: 503 });
    expect(down.reasons.map((reason) => reason.split(' ')[1])).toEqual(['database', 'worker']);
  });

  it('does not wait for a database that hangs', async () => {
    const hung = await health({ database: () => new Promise(() => {}), workerRuns: () => true });
    expect(hung).toMatchObject({ alive: 200, ready: 503 });
  });
});
