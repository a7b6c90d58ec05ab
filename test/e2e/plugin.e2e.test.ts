/** The connector in a page of somebody else's TV service, which lies on another origin (M1). */
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

const built = fileURLToPath(new URL('../../dist/web/tv/', import.meta.url));
const TYPES: Record<string, string> = { '.html': 'text/html', '.json': 'application/json', '.mp4': 'video/mp4' };

interface Brightbox {
  origin: string;
  /** Where its page finds the help service. */
  help: string;
  close(): Promise<void>;
}

/** Somebody else's TV service: its page and its film, on a port of its own. */
async function openBrightbox(): Promise<Brightbox> {
  const server = createServer((asked, answer) => {
    const path = new URL(asked.url ?? '/', 'http://brightbox').pathname;
    readFile(join(built, path)).then(
      (content) => {
        const body = path.endsWith('.html') ? fromElsewhere(content.toString('utf8'), brightbox.help) : content;
        answer.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' }).end(body);
      },
      () => answer.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const brightbox: Brightbox = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    help: '',
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return brightbox;
}

/** The page as a host would write it: the help service stands in it by its address. */
function fromElsewhere(page: string, help: string): string {
  return page
    .replace('src="/connector.js"', `src="${help}/connector.js"`)
    .replaceAll('location.origin', JSON.stringify(help));
}

let known: Brightbox;
let unknown: Brightbox;
let bench: Bench;
beforeAll(async () => {
  [known, unknown] = await Promise.all([openBrightbox(), openBrightbox()]);
  bench = await openBench({ ALLOWED_ORIGINS: known.origin });
  known.help = unknown.help = bench.url;
});
afterEach(() => bench.clear());
afterAll(async () => {
  await bench.close();
  await Promise.all([known.close(), unknown.close()]);
});

async function turnOn(host: Brightbox, credentials: { serial: string; secret: string }): Promise<Page> {
  const page = await bench.page({ viewport: { width: 1920, height: 1080 } });
  await page.goto(`${host.origin}/plugin.html?${new URLSearchParams({ ...credentials }).toString()}`);
  return page;
}

describe('a page of another origin', () => {
  it('[M1] [claim 32] works where its origin is allowed: fault, request, agent, answer', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const page = await turnOn(known, await centre.addTv('Bedroom box'));
    const shows = (name: string, words: RegExp) => page.locator(`#${name}`).filter({ hasText: words }).waitFor();
    await shows('connection', /^Connected$/);
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    await page.getByRole('button', { name: 'Break the stream' }).press('Enter');
    await shows('fault', /\(playback:/);
    await page.getByRole('button', { name: 'Get help' }).press('Enter');
    await sam.accept();
    expect(await sam.fact('Model')).toBe('Brightbox 4');
    await shows('status', /is here/);
    await sam.say('I see that the stream does not come.');
    await shows('told', /I see that the stream does not come\./);
  });

  it('[M1] [M10] a box that nobody provisioned says to pair first, and that its request waits for it', async () => {
    const page = await bench.page({ viewport: { width: 1920, height: 1080 } });
    await page.goto(`${known.origin}/plugin.html`);
    const shows = (name: string, words: RegExp) => page.locator(`#${name}`).filter({ hasText: words }).waitFor();
    await shows('connection', /Tell your help line the code [B-Z]{4}-[B-Z]{4}/);
    await page.getByRole('button', { name: 'Get help' }).press('Enter');
    await shows('status', /^Pair this TV first\. Your request goes out then$/);
  });

  it('[M1] is refused where it is not: the page says that it is not connected, the answer says why', async () => {
    const centre = await bench.centre();
    const credentials = await centre.addTv('Bedroom box');
    const page = await bench.page();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${unknown.origin}/plugin.html?${new URLSearchParams({ ...credentials }).toString()}`);
    await page.locator('#connection').filter({ hasText: 'Not connected, trying again' }).waitFor();
    await expect.poll(() => complaints.join('\n')).toMatch(/403/);

    const refusal = await new Promise<{ status?: number; text: string }>((resolve, reject) => {
      const headers = {
        origin: unknown.origin,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      };
      const asked = request(`${bench.url}/connect`, { headers }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (more: string) => (text += more));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      asked.on('error', reject).end();
    });
    expect(refusal.status).toBe(403);
    expect(refusal.text).toContain('ALLOWED_ORIGINS');
  });
});
