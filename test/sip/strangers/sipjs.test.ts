/** SIP.js in Chromium, over WebSocket on a port of HTTP (RFC 7118): registers, calls, is called, holds, refers. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { normalize } from 'node:path';
import type Srf from 'drachtio-srf';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser } from '../../support/browser.ts';
import { root } from '../../support/checks.ts';
import { challenge, digestParts, proves } from '../../support/sip/digest.ts';
import { startServer } from '../../support/sip/server.ts';
import { setStage } from '../../support/sip/stage.ts';

const PAGE = `<!doctype html><html lang="en"><title>Phones</title>
<script type="importmap">{ "imports": { "sip.js": "/sip.js/index.js" } }</script>
<script type="module" src="/phone.js"></script></html>`;
const FILES: [prefix: string, folder: string][] = [
  ['/sip.js/', 'node_modules/sip.js/lib/'],
  ['/', 'test/sip/strangers/sipjs/'],
];

function pages({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  if (url === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(PAGE);
    return;
  }
  const [prefix, folder] = FILES.find(([start]) => url.startsWith(start)) ?? ['/', ''];
  readFile(root + folder + normalize(`/${url.slice(prefix.length)}`).slice(1)).then(
    (bytes) => response.setHeader('Content-Type', 'text/javascript').end(bytes),
    () => response.writeHead(404).end(),
  );
}

const stage = setStage(() => startServer({ pages }));
/** A phone by the name of who holds it, as the page has it. */
type Phone = Record<'register' | 'call' | 'answer' | 'hold' | 'refer' | 'hangUp' | 'ended' | 'hears', Act>;
type Act = (argument?: unknown) => Promise<unknown>;

// A server that is there already has no pages of ours.
describe.skipIf(findChromium() === null || process.env.DRACHTIO_HOST !== undefined)('SIP.js in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const contacts = new Map<string, string>();
  const referred: string[] = [];

  /** What somebody does with a phone, in the page. */
  const does = (who: string, act: keyof Phone, argument?: unknown): Promise<unknown> =>
    page.evaluate(
      async ([name, action, given]) => {
        const { phone } = window as unknown as { phone(name: string): Phone };
        return phone(name as string)[action as keyof Phone](given);
      },
      [who, act, argument],
    );

  /** Registers with a nonce that is taken once, and puts calls through to who is registered. */
  async function exchange(): Promise<void> {
    const nonces = new Set<string>();
    const { srf } = await stage.application({
      register(req, res) {
        const authorization = req.get('Authorization') as string | undefined;
        const username = digestParts(authorization).get('username') ?? '';
        const known = nonces.delete(digestParts(authorization).get('nonce') ?? '');
        if (!known || !proves(authorization, 'REGISTER', { username, password: 'wonderland' })) {
          const nonce = randomBytes(8).toString('hex');
          nonces.add(nonce);
          return res.send(401, { headers: { 'WWW-Authenticate': challenge('couchline', nonce) } });
        }
        contacts.set(username, req.getParsedHeader('contact')[0]?.uri ?? '');
        res.send(200, { headers: { Contact: req.get('Contact'), Expires: '120' } });
      },
      invite(req, res) {
        const contact = contacts.get(req.calledNumber);
        if (contact === undefined) return res.send(404);
        srf.createB2BUA(req, res, contact, {}).then(connect, () => undefined);
      },
    });
  }

  function connect({ uas, uac }: { uas: Srf.Dialog; uac: Srf.Dialog }): void {
    for (const [dialog, other] of [
      [uas, uac],
      [uac, uas],
    ] as const) {
      dialog.on('destroy', () => void other.destroy().catch(() => undefined));
      dialog.on('modify', (req, res) => {
        other.modify(req.body).then(
          (body) => res.send(200, { body }),
          () => res.send(488),
        );
      });
      dialog.on('refer', (req, res) => {
        referred.push(req.getParsedHeader('refer-to').uri);
        res.send(202);
        const headers = {
          Event: 'refer',
          'Subscription-State': 'terminated;reason=noresource',
          'Content-Type': 'message/sipfrag;version=2.0',
        };
        void dialog.request({ method: 'NOTIFY', headers, body: 'SIP/2.0 200 OK' });
      });
    }
  }

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await (await browser.newContext({ permissions: ['microphone'] })).newPage();
    const { host = '', port } = stage.server().web ?? {};
    await page.goto(`http://${host}:${port}/`);
    await page.waitForFunction(() => document.title === 'ready');
  });

  afterEach(() => contacts.clear());

  afterAll(async () => browser?.close());

  async function registered(...names: string[]): Promise<void> {
    await exchange();
    for (const name of names) expect(await does(name, 'register')).toBe(true);
  }

  it('[drachtio register] REGISTER with digest over WebSocket; the contact leads nowhere else (RFC 7118, 5)', async () => {
    await registered('alice');
    expect(contacts.get('alice')).toMatch(/^sip:\w+@\w+\.invalid;transport=ws$/);
  });

  it('[drachtio b2bua] a call out and a call in, with sound both ways, ended by the caller (RFC 7118, 8)', async () => {
    await registered('alice', 'bob');
    await Promise.all([does('alice', 'call', 'bob'), does('bob', 'answer')]);
    await Promise.all([does('alice', 'hears'), does('bob', 'hears')]);
    await Promise.all([does('alice', 'hangUp'), does('bob', 'ended')]);
  });

  it('[drachtio dialog] a re-INVITE from either browser, and the callee hangs up (RFC 3261, 14)', async () => {
    await registered('alice', 'bob');
    await Promise.all([does('alice', 'call', 'bob'), does('bob', 'answer')]);
    expect(await does('alice', 'hold', true)).toBe(200);
    expect(await does('alice', 'hold', false)).toBe(200);
    expect(await does('bob', 'hold', true)).toBe(200);
    await Promise.all([does('bob', 'hangUp'), does('alice', 'ended')]);
  });

  it('[drachtio dialog] REFER from a browser is accepted and its NOTIFY arrives (RFC 3515)', async () => {
    await registered('alice', 'bob');
    await Promise.all([does('alice', 'call', 'bob'), does('bob', 'answer')]);
    expect(await does('alice', 'refer', 'carol')).toBe('SIP/2.0 200 OK');
    expect(referred).toEqual(['sip:carol@couchline.example']);
    await Promise.all([does('alice', 'hangUp'), does('bob', 'ended')]);
  });

  it('[drachtio uac] a browser that is gone is a local refusal, not a wait (RFC 7118, 6)', async () => {
    await registered('alice');
    const contact = contacts.get('alice') ?? '';
    await page.close();
    const { srf } = await stage.application();
    await expect
      .poll(async () =>
        srf.createUAC(contact, { localSdp: 'v=0\r\n' }).then(
          () => 200,
          (error: Srf.SipError) => error.status,
        ),
      )
      .toBeGreaterThanOrEqual(400);
  });
});
