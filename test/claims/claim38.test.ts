/** Claim 38: the prompt on the TV (Fig. 2A), and what follows from yes and from no. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('[claim 38] the prompt', () => {
  it('[claim 38] [M5] yes: the request goes out by one press', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.play();
    await tv.break('Missing key');

    // "present, via a display, a prompt for initiation of the request for service of the smart TV
    // device corresponding to the first computing device"
    await tv.sees('This title does not open');
    await tv.sees('Do you need help?');
    expect(await tv.focused()).toBe('Yes, get help');
    expect(tv.said).toEqual(['registerTv']);

    // "transmit, responsive to interaction with the prompt, the request for service"
    await tv.press('Enter');
    await sam.offered();
    expect(tv.said.slice(0, 2)).toEqual(['registerTv', 'request']);
    expect(tv.said.filter((type) => type === 'request')).toHaveLength(1);
  });

  it('[claim 38] [M5] no: nothing is sent, and it does not ask again', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await centre.tv();
    await tv.play();
    await tv.break('Missing key');
    await tv.sees('Do you need help?');
    await tv.choose('No, keep watching');
    await tv.sees('The picture does not come.');
    expect(await tv.shows('Do you need help?')).toBe(false);

    // The same trouble again, also after the TV was off: it was asked about, and the answer was no.
    await tv.mend();
    await tv.restart();
    await tv.play();
    await tv.break('Missing key');
    await tv.sees('The picture does not come.');
    expect(await tv.shows('Do you need help?')).toBe(false);

    // Another trouble is another question.
    await tv.break('Set-top box fault');
    await tv.sees('The box has a fault');
    await tv.sees('Do you need help?');
    await tv.choose('No, keep watching');

    expect(tv.said).toEqual(['registerTv', 'registerTv']);
    expect(await sam.button(/^Accept/).count()).toBe(0);
  });
});
