/** The whole of the first story: a TV asks for help, an agent answers, the fix is verified, everybody is done. */
import type { Browser } from 'playwright-core';
import { demo } from '../support/demo.ts';
import { Desk } from '../support/desk.ts';
import type { Stopwatch } from '../support/stopwatch.ts';
import { TvScreen } from '../support/tvScreen.ts';

/** A moment worth a look, for whoever makes pictures. */
export type Look = (name: string, page: TvScreen['page']) => Promise<void>;

/**
 * Plays the story on a running service with the demo contact centre.
 * @throws Error of the step that did not succeed
 */
export async function helpStory(browser: Browser, url: string, watch: Stopwatch, look?: Look): Promise<void> {
  const see = async (name: string, page: TvScreen['page']) => await look?.(name, page);

  const sam = await watch.step('Sam signs in and is ready', () => Desk.signIn(browser, url, demo.sam));
  await see('desk-ready', sam.page);
  const tv = await watch.step('the TV registers and shows the shelf', () => TvScreen.turnOn(browser, url, demo.tv));
  await see('tv-shelf', tv.page);
  await watch.step('a title plays', () => tv.play());
  await watch.step('the stream breaks, and the TV notices by itself', async () => {
    await tv.break('Unreachable stream');
    await tv.sees('Do you need help?');
  });
  await see('tv-prompt', tv.page);
  await watch.step('one press, and the offer is on the desktop', async () => {
    await tv.choose('Yes, get help');
    await sam.offered();
  });
  await see('tv-waiting', tv.page);
  await see('desk-offer', sam.page);
  await watch.step('Sam accepts, and the TV says so', async () => {
    await sam.accept();
    await tv.sees(/Sam/);
  });
  await watch.step('Sam writes, and the TV shows it', async () => {
    await sam.say('I can see the stream has stopped. Let us mend it together.');
    await tv.sees('Let us mend it together.');
  });
  await watch.step('Sam sees which screen the TV shows', () => sam.sees('With a person'));
  await see('desk-workspace', sam.page);
  await watch.step('Sam sends what is not on the TV yet, and the TV shows it', async () => {
    // A slow TV tells first that the picture stands still, then that the network stopped it: this is suggested for both.
    await sam.sendSuggestion('Other playback trouble');
    await tv.sees('It works now');
  });
  await see('tv-task', tv.page);
  await watch.step('"It still does not", and the tasks from before are there to try', async () => {
    await tv.choose('It still does not');
    await sam.sees('Says it still does not work');
    await tv.choose('Try a task now');
  });
  await watch.step('the stream is mended, "It works now", and the TV checks by itself', async () => {
    await tv.mend();
    await tv.choose('It works now');
    await tv.sees('Fixed. We checked.');
  });
  await see('tv-fixed', tv.page);
  await watch.step('Sam sees it verified', () => sam.sees(/verified/i));
  await watch.step('the viewer is done', async () => {
    await tv.choose('Done');
    await tv.sees('Back to watching');
    await sam.sees('How did it end?');
  });
  await see('desk-wrapup', sam.page);
  await watch.step('Sam says how it ended and is ready again', () => sam.wrapUp('Fixed, TV verified'));
  await watch.step('back to watching', async () => {
    await tv.choose('Back to watching');
    await tv.page.waitForFunction(() => document.querySelector('video')?.paused === false);
  });
  const errors = [...tv.errors, ...sam.errors];
  if (errors.length > 0) throw new Error(`The pages reported errors:\n${errors.join('\n')}`);
  await Promise.all([tv.turnOff(), sam.leave()]);
}
