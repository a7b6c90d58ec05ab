/** `npm run screenshots`: plays the story on a private instance and writes docs/screenshots/*.png, as the README shows them. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { helpStory } from './stories/help.ts';
import { launchBrowser } from './support/browser.ts';
import { provideChromium } from './support/chromium.ts';
import { demo } from './support/demo.ts';
import { Desk } from './support/desk.ts';
import { startService } from './support/service.ts';
import { Stopwatch } from './support/stopwatch.ts';
import { TvScreen } from './support/tvScreen.ts';

const folder = fileURLToPath(new URL('../docs/screenshots/', import.meta.url));
/** The smaller of the two sizes that TVs give their apps: enough for a page, and small files. */
const TV_SIZE = { width: 1280, height: 720 };

async function take(name: string, page: Page): Promise<void> {
  if (name.startsWith('tv-')) await page.setViewportSize(TV_SIZE);
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
  await page.screenshot({ path: join(folder, `${name}.png`) });
  console.log(`✓ docs/screenshots/${name}.png`);
}

/** What the story does not pass: a TV that pairs, and the catalogue. */
async function takeTheRest(browser: Browser, url: string): Promise<void> {
  const priya = await Desk.signIn(browser, url, demo.priya);
  await priya.goTo('Catalogue');
  await priya.page.getByRole('row', { name: /Weak Wi-Fi/ }).click();
  await priya.button('Edit').waitFor();
  await take('desk-catalogue', priya.page);

  const tv = await TvScreen.turnOn(browser, url, {});
  await tv.sees('Tell your help line this code');
  await take('tv-pair', tv.page);
  await priya.page.goto(`${url}/pair?code=${await tv.page.locator('.user-code').innerText()}`);
  await priya.button('Find the TV').click();
  await priya.page.getByRole('textbox', { name: 'Name of the TV' }).fill('Kitchen TV');
  await take('pair', priya.page);
  await Promise.all([tv.turnOff(), priya.leave()]);
}

const dataDir = await mkdtemp(join(tmpdir(), 'couchline-screenshots-'));
const close: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })];
try {
  const chromium = await provideChromium(console.log);
  if (!chromium.passed) throw new Error(chromium.complaint);
  await mkdir(folder, { recursive: true });
  const service = await startService({ DATA_DIR: dataDir });
  close.unshift(() => service.stop());
  const browser = await launchBrowser();
  close.unshift(() => browser.close());
  await helpStory(browser, service.url, new Stopwatch(() => {}), take);
  await takeTheRest(browser, service.url);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const one of close) await one().catch((error: unknown) => console.error(error));
}
