/** The first story as it is played for people, on the demo contact centre. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helpStory } from '../stories/help.ts';
import { launchBrowser } from '../support/browser.ts';
import { startService, type Service } from '../support/service.ts';
import { Stopwatch } from '../support/stopwatch.ts';

let service: Service;
let browser: Browser;
beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await service.stop();
});

describe('the story of help', () => {
  it('[M4] [M5] [M9] [M10] [B3] from the broken stream to the verified fix, and back to watching', async () => {
    const watch = new Stopwatch(() => {});
    await helpStory(browser, service.url, watch);
    // How long each step takes is the benchmarks' to tell (press-to-pop, screen-pop): here it is only played to its end.
    expect(watch.steps.at(-1)?.name).toBe('back to watching');
  });
});
