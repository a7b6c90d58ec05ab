/** The automated service answers where no human needs to (M11), and a human is one press away. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** The plan has ended: the catalogue knows what to do, and needs nobody for it. */
async function planEnded() {
  const centre = await bench.centre();
  const sam = await centre.desk();
  const tv = await centre.tv();
  await tv.play();
  await tv.break('Expired account');
  await tv.sees('Your plan has ended');
  await tv.choose('Yes, get help');
  await tv.sees('Choose Renew in Settings, My account');
  return { sam, tv };
}

describe('help without a human', () => {
  it('[M11] [IX2] [B3] tasks come by themselves, are checked by the TV, and nobody is called', async () => {
    const { sam, tv } = await planEnded();
    // Not renewed yet: the TV sees through it.
    await tv.choose('It works now');
    await tv.sees('The TV still shows the fault.');
    await tv.choose('Try the next task');
    await tv.sees('Open My account on your phone and renew there');
    await tv.mend();
    await tv.choose('It works now');
    await tv.sees('Fixed. We checked.');
    await tv.choose('Done');
    await tv.sees('All done.');
    await tv.choose('Back to watching');
    await tv.page.waitForFunction(() => document.querySelector('video')?.paused === false);
    expect(await sam.button(/^Accept/).count()).toBe(0);

    // It stands in the TV's history all the same.
    await sam.goTo('TVs');
    await sam.page.getByRole('row', { name: 'Living room TV' }).click();
    await sam.sees('Your plan has ended');
  });

  it('[M11] [IX3] "Talk to someone" leads into the line, and the agent sees what was tried', async () => {
    const { sam, tv } = await planEnded();
    await tv.choose('It still does not');
    await tv.sees('Open My account on your phone and renew there');
    await tv.choose('Talk to someone');
    await sam.accept();
    await tv.sees('Sam is here.');
    await sam.sees('Did not help');
  });

  it('[IX2] nobody is stranded: when nothing helped, a person is asked without a word', async () => {
    const { sam, tv } = await planEnded();
    await tv.choose('It still does not');
    await tv.sees('Open My account on your phone and renew there');
    await tv.choose('I cannot do this');
    await sam.accept();
    await tv.sees('Sam is here.');
  });
});
