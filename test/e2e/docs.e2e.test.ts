/** The page of the HTTP API, as people read it. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openApiDocument } from '../../src/http/reference/openapi.ts';
import { referencePage } from '../../src/http/reference/page.ts';
import { launchBrowser } from '../support/browser.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

describe('/docs', () => {
  it.each([1366, 360])('[M8] breaks no word and never scrolls sideways at %d px', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 768 } });
    await page.setContent(referencePage(openApiDocument('https://help.example')));
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    const lines = await page.evaluate(() =>
      [...document.querySelectorAll('td.in')].map((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return range.getClientRects().length;
      }),
    );
    expect(lines.length).toBeGreaterThan(5);
    expect(new Set(lines)).toEqual(new Set([1]));
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(await page.getByText('the desktop’s page “Other systems”').count()).toBe(1);
    await page.close();
  });
});
