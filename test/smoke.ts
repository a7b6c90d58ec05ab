/** `npm run smoke -- STORY`: plays a story on a private instance with a fresh database, and says each step with its time. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helpStory } from './stories/help.ts';
import { launchBrowser } from './support/browser.ts';
import { provideChromium } from './support/chromium.ts';
import { startService } from './support/service.ts';
import { Stopwatch } from './support/stopwatch.ts';

const stories = { help: helpStory };

const [name = ''] = process.argv.slice(2);
const story = Object.hasOwn(stories, name) ? stories[name as keyof typeof stories] : undefined;
if (story === undefined) {
  console.error(`Say which story: npm run smoke -- ${Object.keys(stories).join(' | ')}`);
  process.exit(2);
}

const watch = new Stopwatch(console.log);
const dataDir = await mkdtemp(join(tmpdir(), 'couchline-smoke-'));
const close: (() => Promise<unknown>)[] = [() => rm(dataDir, { recursive: true, force: true })];
try {
  const chromium = await provideChromium(console.log);
  if (!chromium.passed) throw new Error(chromium.complaint);
  const service = await watch.step('a private instance starts on a fresh database', () =>
    startService({ DATA_DIR: dataDir }),
  );
  close.unshift(() => service.stop());
  const browser = await launchBrowser();
  close.unshift(() => browser.close());
  await story(browser, service.url, watch);
  const seconds = watch.steps.reduce((sum, { ms }) => sum + ms, 0) / 1000;
  console.log(`\nThe story "${name}" went to its end in ${seconds.toFixed(1)} s.`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const one of close) await one().catch((error: unknown) => console.error(error));
}
