/** The agent starts: an invitation from the TVs page, answered with the remote (M7). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

async function invited() {
  const centre = await bench.centre();
  const sam = await centre.desk();
  const bob = await centre.addCustomer('NL-77', 'Bob Okoye');
  const tv = await centre.tv(await centre.addTv('Living room TV', bob));
  await tv.play();
  await sam.goTo('TVs');
  await sam.page.getByRole('row', { name: 'Living room TV' }).click();
  await sam.button('Offer help').click();
  await sam.sees('Waiting for the viewer to say yes');
  await tv.sees('Would you like to begin?');
  return { sam, tv };
}

describe('an agent offers help to a TV', () => {
  it('[M7] [IX4] yes: the talk begins, and the agent sees what the TV shows only then', async () => {
    const { sam, tv } = await invited();
    // The safe answer has the focus, and nothing private is on the desk yet.
    expect(await tv.focused()).toBe('Not now');
    expect(await sam.page.getByRole('region', { name: 'This help' }).count()).toBe(0);
    await tv.choose('Yes, begin');
    await tv.sees('Sam is here.');
    await sam.page.getByRole('region', { name: 'This help' }).waitFor();
    await sam.sees('Bob Okoye');
    await sam.say('Your box gets a new software tonight.');
    await tv.sees('Your box gets a new software tonight.');
  });

  it('[M7] [IX4] not now: the picture goes on, the agent is told and is ready again', async () => {
    const { sam, tv } = await invited();
    await tv.press('Enter');
    await sam.sees('Living room TV: the viewer said not now.');
    await sam.presence('Ready').waitFor();
    await tv.seesNoMore('Would you like to begin?');
    await tv.page.waitForFunction(() => document.querySelector('video')?.paused === false);
  });

  it('[M7] [IX4] Back is not now, too', async () => {
    const { sam, tv } = await invited();
    await tv.press('Escape');
    await sam.sees('Living room TV: the viewer said not now.');
  });
});
