/** Claim 24: the all-in-one TV, which shows pictures itself. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('[claim 24] the all-in-one TV', () => {
  it('[claim 24] [M1] [M23] pictures and help are on one screen of one device', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv({ form: 'all-in-one', model: 'X40' });

    // "the first computing device having video display capability"
    await tv.play();
    const picture = await tv.page.locator('video').evaluate((video: HTMLVideoElement) => ({
      wide: video.videoWidth,
      high: video.videoHeight,
      moving: !video.paused,
    }));
    expect(picture).toEqual({ wide: 1280, high: 720, moving: true });

    await tv.press('ArrowUp');
    await tv.choose('Help');
    await sam.accept();
    expect(await sam.fact('Form')).toBe('All-in-one TV');
    expect(await sam.fact('Model')).toBe('X40');
    // It has no display besides itself.
    expect(await sam.page.getByRole('region', { name: 'TV', exact: true }).getByText('Display').count()).toBe(0);
    await sam.say('Good evening. What is wrong?');
    await tv.sees('Good evening. What is wrong?');
  });
});
