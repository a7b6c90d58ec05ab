/** Moments of the story on the television, each in a real browser and without a service: what it says, what has the focus. */
import { describe, expect, it } from 'vitest';
import type { TvScreen } from '../support/tvScreen.ts';
import { setTvStage } from '../web/tv/support/tvStage.ts';

const stage = setTvStage();

/** What can be chosen, in reading order; the demo's tools are not the viewer's. */
const actions = (tv: TvScreen) => tv.page.locator('.actions .button').filter({ visible: true }).allInnerTexts();
const said = (tv: TvScreen) => tv.page.evaluate(() => window.tv.said);
const answer = (tv: TvScreen) => tv.page.evaluate(() => window.tv.answer());
/** From now on time passes when the test says so. */
async function stopClock(tv: TvScreen): Promise<void> {
  await tv.page.clock.install();
  await tv.restart();
}
const inset = (tv: TvScreen) => tv.page.locator('.inset-hole').innerText();

describe('a connection that will not come back', () => {
  it('[M1] a TV that is not known says so in words for a TV, and can be paired', async () => {
    const tv = await stage.open('unknown');
    await tv.choose('Help');
    expect(await tv.heading()).toBe('Help does not know this TV. Pair it again.');
    expect([await actions(tv), await tv.focused()]).toEqual([['Go back', 'Pair this TV'], 'Go back']);
    expect(await tv.shows(/string|understood/)).toBe(false);
    await tv.choose('Pair this TV');
    await tv.page.waitForFunction(() => localStorage.getItem('couchline.refused') !== null);
  });

  it('[M1] an app that is too old is to be updated', async () => {
    const tv = await stage.open('old');
    await tv.choose('Help');
    expect(await tv.heading()).toBe('This app is too old for help.');
    expect(await tv.shows(/Version 2/)).toBe(false);
  });
});

describe('pairing', () => {
  it('[M1] the code is told to the help line; the bar says when it is of no use, and what came of it', async () => {
    const tv = await stage.open('pairing');
    expect(await tv.heading()).toBe('Tell your help line this code');
    await tv.sees('192.168.1.20:8080/pair');
    await tv.page.evaluate(() => {
      const { pairing } = window.tv.state;
      window.tv.put({ pairing: pairing && { ...pairing, offline: true } });
    });
    await tv.sees('Not online. We keep trying.');
    await tv.page.evaluate(() => {
      window.tv.put({
        pairing: null,
        connection: { kind: 'online' },
        registered: { tvId: 'tv1', name: 'Living room TV', centreName: 'Northlight TV' },
      });
    });
    await tv.sees('This TV is paired with Northlight TV.');
  });
});

describe('the agent asks', () => {
  it('[M10] the viewer answers by three keys, and can answer otherwise', async () => {
    const tv = await stage.open('asked');
    expect([await actions(tv), await tv.focused()]).toEqual([['Yes', 'No', 'I cannot say', 'Leave'], 'Yes']);
    await tv.choose(/^No$/);
    expect(await said(tv)).toEqual([{ type: 'sendMessage', text: 'No' }]);

    const after = await stage.open('told');
    await after.sees('You');
    expect([await actions(after), await after.focused()]).toEqual([['Change my answer', 'Leave'], 'Change my answer']);
    await after.press('Enter');
    expect(await actions(after)).toEqual(['Yes', 'No', 'I cannot say', 'Leave']);
    await after.press('Escape');
    expect(await actions(after)).toEqual(['Change my answer', 'Leave']);
  });

  it('[M10] four actions at most: a task that is open stands above', async () => {
    const tv = await stage.open('asked-with-tasks');
    expect(await actions(tv)).toEqual(['Yes', 'No', 'I cannot say', 'Leave']);
    await tv.choose('Try a task now');
    await tv.sees('It works now');
  });

  it('a message that comes while another screen is read takes no press that was meant for it', async () => {
    const tv = await stage.open('joined');
    await tv.sees('Sam has your answer: Picture or sound.');
    await tv.page.evaluate(() => {
      const { interaction } = window.tv.state;
      if (interaction === null) throw new Error('there is one');
      const messages = [{ from: 'agent' as const, name: 'Sam', text: 'Is the sound there?', at: 1 }];
      window.tv.put({ interaction: { ...interaction, messages } });
    });
    await tv.page.locator('.is-deaf').waitFor();
    await tv.page.keyboard.press('Enter');
    expect([await said(tv), await tv.focused()]).toEqual([[], 'Yes']);
    await tv.press('Enter');
    expect(await said(tv)).toEqual([{ type: 'sendMessage', text: 'Yes' }]);
  });
});

describe('waiting', () => {
  it('an answer is acknowledged, and can be given otherwise', async () => {
    const tv = await stage.open('in-line-answered');
    await tv.sees('We have your answer: Picture or sound.');
    expect(await tv.focused()).toBe('Change my answer');
    await tv.press('Enter');
    await tv.press('Escape');
    await tv.sees('We have your answer: Picture or sound.');
    await tv.press('Enter');
    await tv.choose('My account');
    expect(await said(tv)).toEqual([{ type: 'answerQuestion', taskId: 'q', choice: 'My account' }]);
    await answer(tv);
    await tv.sees('You are next.');
  });

  it('nobody is next while nobody is there', async () => {
    const tv = await stage.open('nobody-there');
    expect(await tv.heading()).toBe('You are first in line.');
    await tv.sees('Nobody is free to answer yet. Your place is kept.');
  });
});

describe('a service that takes long', () => {
  it('the pressed button is busy; it is said, then a choice is offered; going back keeps what was said', async () => {
    const tv = await stage.open('question');
    await stopClock(tv);
    await tv.press('Enter');
    expect(await tv.page.locator('[aria-busy="true"]').innerText()).toBe('Picture or sound');
    await tv.press('Enter');
    expect(await said(tv)).toHaveLength(1);
    await tv.page.clock.runFor(6_000);
    await tv.sees('This is taking longer than usual.');
    await tv.page.clock.runFor(10_000);
    await tv.sees('What you chose is kept, and counts as soon as help has it.');
    expect(await tv.focused()).toBe('Keep waiting');
    await tv.page.clock.runFor(1_000);
    await tv.choose('Keep waiting');
    expect(await tv.heading()).toBe('Is it the picture, the remote or your account?');
    await tv.page.clock.runFor(17_000);
    await tv.choose('Go back');
    expect(await tv.page.locator('[aria-busy="true"]').count()).toBe(0);
    expect(await said(tv)).toHaveLength(1);
    await answer(tv);
  });

  it('who leaves is let go', async () => {
    const tv = await stage.open('joined');
    await stopClock(tv);
    await tv.choose('Leave');
    await tv.choose(/^Leave$/);
    await tv.page.clock.runFor(17_000);
    await tv.choose('Go back');
    await tv.seesNoMore('Sam is here.');
    expect(await said(tv)).toEqual([{ type: 'leave' }]);
    await tv.choose('Help');
    await tv.sees('Sam is here.');
  });

  it('what is refused is said in words for a TV', async () => {
    const tv = await stage.open('question');
    await tv.press('Enter');
    await tv.page.evaluate(() => window.tv.answer('wrongState'));
    await tv.sees('Help has gone on meanwhile. Look at what the TV shows now.');
    expect(await tv.shows(/expected string/)).toBe(false);
  });
});

describe('checks', () => {
  it('[B3] says who sees the screen, and takes a word meanwhile', async () => {
    const tv = await stage.open('checking');
    await tv.sees('Sam sees this screen’s layout');
    expect([await actions(tv), await tv.focused()]).toEqual([['It still does not', 'Leave'], 'It still does not']);
  });

  it('[B3] counts what is left, and lets leave', async () => {
    const tv = await stage.open('failed');
    await tv.sees('There are 3 more things to try.');
    expect(await actions(tv)).toEqual(['Try the next task', 'Talk to someone', 'Leave']);
  });

  it('where the picture stays away, its place says so', async () => {
    const tv = await stage.open('shelf');
    await tv.page.route(/\.m4s|\.mp4|clip\.json/, () => new Promise(() => {}));
    await tv.press('Enter');
    await tv.sees('Loading');
    await tv.page.evaluate((failed) => window.tv.put(failed), await stateOf('failed'));
    expect(await inset(tv)).toBe('No picture yet');
    expect(await tv.page.evaluate(() => document.documentElement.classList.contains('help-inset'))).toBe(false);
  });

  it('with the picture it stands beside the words', async () => {
    const tv = await stage.open('shelf');
    await tv.play();
    await tv.page.evaluate((failed) => window.tv.put(failed), await stateOf('failed'));
    await tv.page.waitForFunction(() => document.documentElement.classList.contains('help-inset'));
  });
});

describe('after help', () => {
  it('one who was not helped asks again', async () => {
    const tv = await stage.open('ended');
    expect(await actions(tv)).toEqual(['Back to watching', 'Ask for help again']);
    await tv.choose('Ask for help again');
    await tv.sees('Asking for help.');
  });
});

async function stateOf(name: string) {
  const tv = await stage.open(name);
  return await tv.page.evaluate(() => window.tv.state);
}
