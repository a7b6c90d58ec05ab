/** What happens to people when networks, pages and computers go away in the middle. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';
import type { TvScreen } from '../support/tvScreen.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** Takes the network away and gives it back: the screen stays what it was, with the focus where it was. */
async function losesNetwork(tv: TvScreen): Promise<void> {
  const before = { heading: await tv.heading(), focused: await tv.focused() };
  await tv.cutNetwork();
  await tv.sees(/^Not online\./);
  expect({ heading: await tv.heading(), focused: await tv.focused() }).toEqual(before);
  await tv.setOnline(true);
  await tv.seesNoMore(/^Not online\./);
  expect({ heading: await tv.heading(), focused: await tv.focused() }).toEqual(before);
}

describe('the TV loses the network', () => {
  it('[IX21] [M10] at every screen of help, and comes back to the same with nothing lost', async () => {
    const centre = await bench.centre();
    const tv = await centre.tv();
    await tv.play();
    await tv.break('Missing key');
    await tv.sees('Do you need help?');
    await losesNetwork(tv);
    await tv.choose('Yes, get help');
    await tv.sees('You are first in line.');
    await losesNetwork(tv);
    await tv.choose('Try a task now');
    await tv.sees('It works now');
    await losesNetwork(tv);

    const sam = await centre.desk();
    await sam.accept();
    await tv.sees('Sam is here.');
    await losesNetwork(tv);
    await sam.say('One more thing is on its way.');
    await sam.writeTask('This is the last one.', 'Look whether the light is green');
    await tv.sees('Look whether the light is green');
    await losesNetwork(tv);
    await tv.choose('It works now');
    await tv.sees('You told us it works. We could not check.');
    await losesNetwork(tv);
    await tv.choose('Done');
    await tv.sees('All done.');
    await sam.wrapUp('Fixed, customer says');
  });

  it('[IX21] asks while not online: the request goes out when the network is back', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.setOnline(false);
    await tv.sees(/^Not online\./);
    await tv.choose('Help');
    await tv.sees('This TV is not online.');
    await tv.setOnline(true);
    await sam.accept();
    await tv.sees('Sam is here.');
  });

  it('[IX21] the agent is told that the TV is away, and that it is back', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.accept();
    await tv.sees('Sam is here.');
    await tv.break('No network');
    await sam.sees(/^TV last heard/);
    await sam.say('I wait for you.');
    await tv.mend();
    await tv.sees('I wait for you.');
    await expect.poll(() => sam.shows(/^TV last heard/)).toBe(false);
  });
});

describe('pages are loaded anew', () => {
  it('[IX10] [IX25] the TV in the middle of a task: the same task stands there again', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.accept();
    await sam.say('Look at the cable first.');
    await sam.writeTask('The cable is loose.', 'Press the cable in at both ends');
    await tv.sees('Press the cable in at both ends');
    await tv.restart();
    await tv.sees('Press the cable in at both ends');
    await tv.sees('Look at the cable first.');
    await tv.choose('It still does not');
    await sam.sees('Did not help');
  });

  it('[IX17] [IX25] the desktop in the middle of a talk and of wrap-up: the half-written words stay', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.accept();
    await sam.say('Good evening.');
    await tv.sees('Good evening.');
    const message = sam.page.getByRole('textbox', { name: /message/i });
    await message.fill('Is the light on the router gr');
    await sam.reload();
    await sam.sees('Good evening.');
    expect(await message.inputValue()).toBe('Is the light on the router gr');
    await message.fill('Is the light on the router green?');
    await sam.page.keyboard.press('Enter');
    await tv.sees('Is the light on the router green?');

    await sam.end();
    await tv.sees('Help has ended.');
    const note = sam.page.getByRole('textbox', { name: 'Note' });
    await note.fill('The light was green. Bob calls back tomorrow.');
    await sam.reload();
    await note.waitFor();
    expect(await note.inputValue()).toBe('The light was green. Bob calls back tomorrow.');
    await sam.wrapUp('Not fixed, follow up');
    await sam.goTo('TVs');
    await sam.page.getByRole('row', { name: 'Living room TV' }).click();
    await sam.sees('The light was green. Bob calls back tomorrow.');
  });
});

describe('an agent who declines', () => {
  it('[IX8] a declined offer goes to the other agent, the viewer’s place kept', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk(await centre.addAgent('Sam Reyes'));
    const alice = await centre.desk(await centre.addAgent('Alice Moreau'));
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.decline();
    await alice.accept();
    await tv.sees('Alice is here.');
    await sam.presence('Ready').waitFor();
  });
});

describe('agents who do not come in time', () => {
  // A service of its own: where time runs short on purpose, nobody else's does.
  let hurried: Bench;
  beforeAll(async () => {
    hurried = await openBench({ OFFER_SECONDS: '10', AGENT_GRACE_SECONDS: '10' });
  });
  afterEach(() => hurried.clear());
  afterAll(() => hurried.close());

  it('[IX9] [AG3] a missed offer leaves the agent not answering, one click from ready; then it rings again', async () => {
    const centre = await hurried.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.offered();
    await sam.presence('Not answering').waitFor();
    await tv.sees('You are first in line.');
    await sam.button('Be ready').click();
    await sam.accept();
    await tv.sees('Sam is here.');
  });

  it('[IX19] [IX6] an agent whose computer died: the viewer is first in line for the next', async () => {
    const centre = await hurried.centre();
    const sam = await centre.desk(await centre.addAgent('Sam Reyes'));
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.accept();
    await tv.sees('Sam is here.');
    await sam.leave();
    await tv.sees('Sam lost connection.');
    const alice = await centre.desk(await centre.addAgent('Alice Moreau'));
    await alice.accept();
    await tv.sees('Alice is here.');
  });
});
