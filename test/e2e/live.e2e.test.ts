/** What is true only for a moment, on the screens of both sides: the picture's health, the focus, somebody who writes. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

/** A talk that the agent began, while the picture plays. */
async function helping() {
  const centre = await bench.centre();
  const sam = await centre.desk();
  const tv = await centre.tv(await centre.addTv('Living room TV'));
  await tv.play();
  await sam.goTo('TVs');
  await sam.page.getByRole('row', { name: 'Living room TV' }).click();
  await sam.button('Offer help').click();
  await tv.choose('Yes, begin');
  await sam.page.getByRole('region', { name: 'This help' }).waitFor();
  return { sam, tv };
}

describe('live, while an agent helps', () => {
  it('[B6] the agent sees how the picture plays and where the focus stands, and how old that is once the TV is gone', async () => {
    const { sam, tv } = await helping();
    await sam.sees('Live now');
    await sam.sees(/^\d+\.\d s$/);
    expect(await sam.fact('Picture')).toMatch(/^(Playing|Paused|Stopped) at \d+:\d\d$/);
    expect(await sam.fact('Dropped')).toMatch(/^\d+ frames?$/);
    await sam.sees('“Leave”');
    await tv.press('Enter');
    await sam.sees('“Stay”');
    await tv.turnOff();
    await sam.sees(/last heard \d+ seconds ago/);
  });

  it('[B6] the TV shows quietly that the agent writes, until the message is there', async () => {
    const { sam, tv } = await helping();
    await sam.page.getByRole('textbox', { name: /message/i }).fill('One moment');
    await tv.sees('Sam is writing…');
    expect(await tv.page.locator('.writing').getAttribute('aria-live')).toBe('off');
    await sam.page.keyboard.press('Enter');
    await tv.sees('One moment');
    await tv.seesNoMore('Sam is writing…');
  });
});
