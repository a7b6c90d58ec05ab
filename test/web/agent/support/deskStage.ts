/** The stage of tests that look at the desk's states: pages of a browser, closed with their test. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from '../../../support/browser.ts';
import { serveDesk, type ServedDesk } from './desk.ts';

export interface Look {
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
}

export interface DeskStage {
  readonly browser: Browser;
  /** The address of a state. */
  at(state: string): string;
  /** A page in a context of its own, as wide as a desk. */
  newPage(look?: Look): Promise<Page>;
  /** A page that shows a state; resolves when the words are there. */
  open(state: string, landmark: string, look?: Look): Promise<Page>;
}

/** For the top of a test file. An error that a page reports fails its test. */
export function setDeskStage(): DeskStage {
  let desk: ServedDesk;
  let browser: Browser;
  let contexts: BrowserContext[] = [];
  let errors: string[] = [];
  beforeAll(async () => {
    [desk, browser] = await Promise.all([serveDesk(), launchBrowser()]);
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    expect(errors).toEqual([]);
    errors = [];
  });
  afterAll(async () => {
    await browser.close();
    await desk.close();
  });
  const stage: DeskStage = {
    get browser() {
      return browser;
    },
    at: (state) => desk.at(state),
    async newPage(look = {}) {
      const usual = { viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' as const };
      const context = await browser.newContext({ ...usual, ...look });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(error.message));
      return page;
    },
    async open(state, landmark, look) {
      const page = await stage.newPage(look);
      await page.goto(desk.at(state));
      await page.getByText(landmark).first().waitFor();
      return page;
    },
  };
  return stage;
}
