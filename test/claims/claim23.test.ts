/** Claim 23: a set-top box with a display of its own. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('[claim 23] the set-top box and its display', () => {
  it('[claim 23] [M1] [M3] [M23] the box and its display are told apart, and whoever knows boxes answers', async () => {
    const centre = await bench.centre();
    await centre.addQueue({ name: 'Set-top boxes', model: 'STB*', skills: ['boxes'] });
    const sam = await centre.desk(await centre.addAgent('Sam Reyes'));
    const alice = await centre.desk(await centre.addAgent('Alice Moreau', { skills: ['boxes'] }));

    // "the set top box communicatively coupled with a display"
    const tv = await centre.tv({ form: 'set-top-box', model: 'STB-200', display: 'Panel 55' });
    await tv.play();
    await tv.break('Set-top box fault');
    await tv.sees('The box has a fault');
    await tv.choose('Yes, get help');

    await alice.offered();
    await alice.sees('Set-top boxes');
    expect(await sam.button(/^Accept/).count()).toBe(0);
    await alice.accept();
    expect(await alice.fact('Form')).toBe('Set-top box');
    expect(await alice.fact('Model')).toBe('STB-200');
    expect(await alice.fact('Display')).toBe('Panel 55');

    // What the agent answers is on the display.
    await alice.say('Is the light on the box green?');
    await tv.sees('Is the light on the box green?');
  });
});
