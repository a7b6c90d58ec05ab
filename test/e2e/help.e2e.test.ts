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
    // From the press to the card on the desktop, and from the agent's word to the TV: a person must not notice.
    const took = (step: RegExp) => watch.steps.find(({ name }) => step.test(name))?.ms;
    expect(took(/the offer is on the desktop/)).toBeLessThan(5_000);
    expect(took(/Sam writes/)).toBeLessThan(3_000);
  });
});
