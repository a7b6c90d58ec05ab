/** The service goes down and comes up again while people talk. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('the service starts anew', () => {
  it('[IX25] in the middle of a talk: both faces come back by themselves, and the talk goes on', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.choose('Help');
    await sam.accept();
    await sam.say('Before the break.');
    await tv.sees('Before the break.');

    await bench.service.kill('SIGTERM');
    await tv.sees(/^Not online\./);
    await sam.sees(/^Not online since/);
    await bench.service.restart();
    await tv.seesNoMore(/^Not online\./);
    await expect.poll(() => sam.shows(/^Not online since/), { timeout: 30_000 }).toBe(false);
    expect(await tv.shows('Before the break.')).toBe(true);
    await sam.say('After the break.');
    await tv.sees('After the break.');
  });
});
