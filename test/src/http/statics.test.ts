import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttp, type Http } from './server.ts';

const inline = "\n  Couchline.connect({ url: 'https://help.example' });\n";
const files = {
  'tv/index.html': '<!doctype html><title>TV</title><script src="tv.js"></script>',
  'tv/tv.js': 'var tv = 1;',
  'tv/plugin.html': `<!doctype html><script src="/connector.js"></script><script>${inline}</script>`,
  'agent/index.html': '<!doctype html><title>Desk</title>',
  'agent/assets/index-B1c_d2-E.js': 'export {};',
  'connector.js': 'var Couchline = {};',
  '.sources': 'not for browsers',
  '../outside.html': 'not for browsers',
};

let http: Http;
beforeAll(async () => {
  http = await startHttp({ demoTv: { serial: 'DEMO-TV-1', secret: 'well known' } }, files);
});
afterAll(() => http.close());

describe('the apps', () => {
  it('are served, pages asked for anew each time and what is named by its content kept', async () => {
    const cached = async (path: string) => {
      const answer = await http.get(path);
      return [answer.status, answer.headers.get('cache-control')];
    };
    expect(await cached('/tv/')).toEqual([200, 'no-cache']);
    expect(await cached('/tv/tv.js')).toEqual([200, 'no-cache']);
    expect(await cached('/agent/')).toEqual([200, 'no-cache']);
    expect(await cached('/connector.js')).toEqual([200, 'no-cache']);
    expect(await cached('/agent/assets/index-B1c_d2-E.js')).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it('have one page for every place within the desktop, and none for files that are not there', async () => {
    for (const path of ['/agent/', '/agent/pair?code=BCDF-GHJK', '/agent/tvs/tv-1']) {
      expect(await (await http.get(path)).text()).toContain('<title>Desk</title>');
    }
    expect((await http.get('/agent/assets/index-old00000.js')).status).toBe(404);
    expect((await http.get('/tv/nothing.html')).status).toBe(404);
  });

  it('keep to themselves what is not for browsers', async () => {
    for (const path of ['/.sources', '/tv/..%2f.sources', '/tv/..%2f..%2foutside.html', '/..%2foutside.html']) {
      expect([path, (await http.get(path)).status]).toEqual([path, 404]);
    }
  });

  it('are reached without the last slash, with what was asked', async () => {
    for (const [path, location] of [
      ['/tv', '/tv/'],
      ['/tv?serial=A&secret=B', '/tv/?serial=A&secret=B'],
      ['/agent', '/agent/'],
      ['/favicon.ico', '/tv/icon.svg'],
      ['/pair', '/agent/pair'],
      ['/pair?code=BCDF-GHJK', '/agent/pair?code=BCDF-GHJK'],
      ['/pair?code=//elsewhere.example%0d%0a', '/agent/pair?code=%2F%2Felsewhere.example%0D%0A'],
      ['/pair?code=a&code=b', '/agent/pair'],
    ]) {
      const answer = await http.get(path!);
      expect([path, answer.headers.get('location')]).toEqual([path, location]);
    }
  });

  it('[M1] the connector loads in pages of other origins; nothing else does', async () => {
    const policy = async (path: string) => (await http.get(path)).headers.get('cross-origin-resource-policy');
    expect(await policy('/connector.js')).toBe('cross-origin');
    expect(await policy('/tv/tv.js')).toBe('same-origin');
    expect(await policy('/agent/')).toBe('same-origin');
  });

  it('[M1] a page that shows how to embed it may run its own few lines, and no others', async () => {
    const policy = async (path: string) => (await http.get(path)).headers.get('content-security-policy') ?? '';
    const hash = createHash('sha256').update(inline).digest('base64');
    expect(await policy('/tv/plugin.html')).toContain(`script-src 'self' 'sha256-${hash}';`);
    expect(await policy('/tv/')).toContain("script-src 'self';");
    expect(await policy('/tv/')).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('let the TV’s page connect and play elsewhere, the desktop only here', async () => {
    const directive = async (path: string, name: string) =>
      new RegExp(`${name} ([^;]*)`).exec((await http.get(path)).headers.get('content-security-policy') ?? '')?.[1];
    expect(await directive('/tv/', 'connect-src')).toBe("'self' ws: wss: http: https:");
    expect(await directive('/tv/', 'media-src')).toBe("'self' blob: data: http: https:");
    expect(await directive('/agent/', 'connect-src')).toBe(`'self' ${http.url.replace('http', 'ws')}`);
  });
});

describe('the first page', () => {
  it('leads to everything, the demo’s TV with its credentials', async () => {
    const page = await (await http.get('/')).text();
    const links = [...page.matchAll(/<a href="([^"]+)"/g)].map(([, href]) => href);
    expect(links).toEqual([
      '/tv/?serial=DEMO-TV-1&amp;secret=well+known',
      '/tv/plugin.html?serial=DEMO-TV-1&amp;secret=well+known',
      '/agent/',
      '/pair',
      '/docs',
      '/readyz',
    ]);
    expect(page).not.toMatch(/\b(oops|invalid|failed to|user|simply|just|should)\b|!(?!doctype|--)/i);
  });

  it('knows no credentials without the demo', async () => {
    const real = await startHttp();
    const page = await (await real.get('/')).text();
    await real.close();
    expect(page).not.toContain('secret');
  });
});
