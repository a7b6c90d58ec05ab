/** Every screen of the TV, at the two sizes that TVs give their apps: in the safe area, large enough, one focus. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousProblems } from '../support/axe.ts';
import { openBench, type Bench } from '../support/bench.ts';
import type { TvScreen } from '../support/tvScreen.ts';
import { accept, answer } from '../support/wireSteps.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(async () => {
  await bench.clear();
  await bench.close();
});

/** What is wrong with the screen as it stands, in words. */
async function problems({ page }: TvScreen): Promise<string[]> {
  return await page.evaluate(async () => {
    const moving = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(moving.map(({ finished }) => finished));

    const scale = window.innerWidth / 1920;
    const safe = { left: 96, top: 54, right: 1920 - 96, bottom: 1080 - 54 };
    const found: string[] = [];
    const seen = (element: Element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    // Of the row, the next title is half visible by design; what has the focus stands inside.
    const inRow = (element: Element) => element.closest('.row') !== null && element.closest('.is-focused') === null;
    const outside = (box: DOMRect, slack: number) =>
      box.left < (safe.left - slack) * scale ||
      box.top < (safe.top - slack) * scale ||
      box.right > (safe.right + slack) * scale ||
      box.bottom > (safe.bottom + slack) * scale;

    const screens = document.querySelectorAll('[data-screen]');
    const topmost = screens[screens.length - 1];
    if (!topmost) return ['There is no screen.'];
    const controls = [...topmost.querySelectorAll('[data-focus]')].filter((it) => seen(it) && !inRow(it));

    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      const parent = text.parentElement;
      const words = text.textContent?.trim() ?? '';
      if (words === '' || parent === null || !seen(parent) || inRow(parent)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const boxes = [...range.getClientRects()];
      if (boxes.some((box) => outside(box, 1))) found.push(`"${words}" leaves the safe area.`);
      const size = parseFloat(getComputedStyle(parent).fontSize) / scale;
      if (size < 31.9) found.push(`"${words}" is ${size} px.`);
      if (!topmost.contains(parent)) continue;
      const clip = parent.closest('h1, p, [data-focus]');
      if (clip && getComputedStyle(clip).overflow !== 'visible' && clip.scrollHeight > clip.clientHeight + 2) {
        found.push(`"${words}" is cut off.`);
      }
      const covered = controls.find((control) => {
        const box = control.getBoundingClientRect();
        return (
          !control.contains(parent) &&
          boxes.some((it) => it.left < box.right && it.right > box.left && it.top < box.bottom && it.bottom > box.top)
        );
      });
      if (covered) found.push(`"${words}" lies under "${covered.textContent}".`);
    }

    // The ring and the growth of what has the focus may reach a little over.
    for (const control of controls) {
      if (outside(control.getBoundingClientRect(), 24)) found.push(`"${control.textContent}" leaves the safe area.`);
    }
    const focused = [...document.querySelectorAll('.is-focused')].filter(seen);
    if (focused.length !== 1) found.push(`${focused.length} things look focused.`);
    if (focused.some((it) => !topmost.contains(it))) found.push('The focus is not on the topmost screen.');
    const headings = [...topmost.querySelectorAll('h1')].filter(seen).length;
    if (headings !== 1) found.push(`${headings} headings.`);
    const actions = [...topmost.querySelectorAll('.actions > [data-focus]')].filter(seen).length;
    if (actions > 4) found.push(`${actions} actions.`);
    return found;
  });
}

/** As long as they may be. */
const longTitle = 'Unplug the white box beside the television and plug it in again after one minute';
const longQuestion = 'Which light does the white box beside the television show while it is starting?';
const longDetail =
  'This screen goes dark while the box starts, which takes up to three minutes. We keep your place, and help goes on where it was before you pulled out the plug.';
const longAnswers = ['The light on the box is green and steady', 'It is green and blinks', 'Red', 'There is no light'];

describe.each([
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
])('a TV of $width × $height', { concurrent: true }, (size) => {
  it('[B10] [M5] [M10] every screen: inside 96/54, nothing under 32 px, one focus, nothing covered', async () => {
    const centre = await bench.centre();
    const tv = await centre.tv({}, size);
    const look = async (name: string) => {
      expect(await problems(tv), name).toEqual([]);
      // Colours are the same at both sizes.
      if (size.width === 1920) expect(await seriousProblems(tv.page), name).toEqual([]);
    };
    await look('shelf');
    await tv.goTo('Help');
    await look('the end of the shelf');
    await tv.press('ArrowUp');
    await tv.press('Enter');
    await tv.sees('Break something');
    await look('demo tools');
    await tv.press('Escape');
    await tv.goTo('The Quiet Bay');
    await tv.play();
    await tv.press('ArrowUp');
    await look('player');

    await tv.break('Expired account');
    await tv.sees('Do you need help?');
    await look('prompt');
    await tv.choose('Yes, get help');
    await tv.sees('Talk to someone');
    await look('task without a person');
    await tv.choose('It works now');
    await tv.sees('The TV still shows the fault.');
    await look('a check that failed');
    await tv.choose('Talk to someone');
    await tv.sees('You are first in line.');
    await look('waiting');
    await tv.press('Escape');
    await tv.sees('Leave help?');
    await look('leave?');
    await tv.choose('Stay');

    const sam = await centre.addAgent('Sam Reyes');
    const desk = await centre.wireAgent(sam);
    const { id: help } = await desk.until(() => [...desk.views.values()][0]);
    await accept(desk, help);
    await tv.sees('Sam is here.');
    await look('a person came');
    for (const word of ['Hello', 'Good', 'evening']) {
      const text = `${word}. ${'I see that the plan has ended, and I look into it now. '.repeat(5)}`.slice(0, 300);
      await desk.tell({ type: 'agent', interactionId: help, command: { type: 'sendMessage', text } });
    }
    await tv.sees(/evening\. I see/);
    await look('long messages');
    await answer(desk, help, 'The box.', [{ title: longTitle, detail: longDetail, picture: 'unplug' }]);
    await tv.sees(longTitle);
    await look('a long task');
    await tv.choose('I cannot do this');
    await answer(desk, help, 'Which light?', [{ title: longQuestion, choices: longAnswers }]);
    await tv.sees(longQuestion);
    await look('a question with long answers');
    await tv.choose('Red');

    await answer(desk, help, 'Renewed.', [
      { title: 'Look whether it plays', check: { kind: 'fault', code: 'account:expired' } },
    ]);
    await tv.sees('Look whether it plays');
    await tv.mend();
    await tv.choose('It works now');
    await tv.sees('Fixed. We checked.');
    await look('fixed');
    await tv.setOnline(false);
    await tv.sees('Not online. Your place is kept.');
    await look('not online');
    await tv.setOnline(true);
    await tv.seesNoMore(/^Not online/);
    await tv.choose('Done');
    await tv.sees('All done.');
    await look('all done');
    await tv.choose('Back to watching');
    const note = { type: 'close', disposition: 'fixedVerified', note: '' };
    await desk.tell({ type: 'agent', interactionId: help, command: note });

    const { tvId } = (await desk.view(help, () => true)).tv;
    await desk.tell({ type: 'invite', tvId });
    await tv.sees('Would you like to begin?');
    await look('invited');
    await tv.choose('Not now');
    await tv.seesNoMore('Would you like to begin?');
  });

  it('[B10] [M1] pairing: inside 96/54, nothing under 32 px, one focus, nothing covered', async () => {
    const tv = await bench.newTv(size);
    await tv.sees('Tell your help line this code');
    await tv.page.locator('.user-code').waitFor();
    expect(await problems(tv)).toEqual([]);
    expect(await seriousProblems(tv.page)).toEqual([]);
  });
});
