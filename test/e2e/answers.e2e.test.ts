/** What the couch says back: answers that are acknowledged, words for the agent, help asked for once more (M10, M4). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('the couch answers', () => {
  it('[M10] [IX26] a question of the catalogue, then what Sam writes; Sam reads both', async () => {
    const centre = await bench.centre();
    const tv = await centre.tv();
    await tv.choose('Help');
    await tv.sees('You are first in line.');
    await tv.choose('Try a task now');
    await tv.choose('Picture or sound');
    await tv.sees('We have your answer: Picture or sound.');
    expect(await tv.focused()).toBe('Change my answer');

    const sam = await centre.desk();
    await sam.accept();
    await tv.sees('Sam has your answer: Picture or sound.');
    await sam.say('Is the sound still there?');
    await tv.choose('I cannot say');
    await tv.sees('You');
    await sam.sees('I cannot say');
    await tv.choose('Change my answer');
    await tv.choose(/^No$/);
    await sam.sees(/^No$/);
    await tv.sees(/^You\s*No$/);
  });

  it('[IX18] [M4] Sam ends without a fix: help is one press away again', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.accept();
    await tv.sees('Sam is here.');
    await sam.end();
    await tv.sees('Help has ended.');
    await tv.choose('Ask for help again');
    await tv.sees('You are next.');
    // Sam is asked again as soon as the note is saved, and so is ready for no moment.
    await sam.page.getByText('Not fixed, follow up').click();
    await sam.button('Save and be ready').click();
    await sam.accept();
    await tv.sees('Sam is here.');
  });
});

describe('a TV whose secret is wrong', () => {
  it.each(['short', 'a-wrong-one-of-sixteen-or-more'])(
    '[M1] "%s": it is paired again from the couch',
    async (secret) => {
      const centre = await bench.centre();
      const sam = await centre.desk();
      const { serial } = await centre.addTv();
      const tv = await centre.tv({ serial, secret });
      await tv.choose('Help');
      await tv.sees('Help does not know this TV. Pair it again.');
      await tv.choose('Pair this TV');
      await tv.sees('Tell your help line this code');
      const code = await tv.page.locator('.user-code').innerText();
      await sam.page.goto(`${bench.url}/pair?code=${code}`);
      await sam.button('Find the TV').click();
      await sam.page.getByRole('textbox', { name: 'Name of the TV' }).fill('Kitchen TV');
      await sam.button('Allow this TV').click();
      await tv.sees('This TV is paired with Harbour Help.');

      // Off and on again: the page still tells the wrong one.
      await tv.restart();
      await tv.choose('Help');
      await tv.sees(/^You are (next|first in line)\.$/);
    },
  );
});
