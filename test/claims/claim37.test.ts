/** Claim 37: the TV's application sends context of its user and receives tasks for them to perform. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

describe('[claim 37] context out, tasks in', () => {
  it('[claim 37] [M6] [M9] [M10] what the user was doing is at the agent’s hand, and their tasks come from it', async () => {
    const centre = await bench.centre();
    const bob = await centre.addCustomer('NL-77', 'Bob Okoye');
    const sam = await centre.desk();
    const tv = await centre.tv(await centre.addTv('Kitchen TV', bob));
    await tv.play();
    await tv.press('ArrowUp');
    const title = await tv.page.locator('.bar-name').innerText();

    // "transmit … the request for service identifying context information associated with a user of
    // the first computing device"
    await tv.choose('Help');
    await sam.accept();
    expect(await sam.fact('Name')).toBe('Bob Okoye');
    expect(await sam.fact('Title')).toBe(title);
    await sam.sees('OK on Help');

    // "receive … the response data identifying one or more tasks for the user to perform as
    // identified by the second computing device using the context information"
    const question = `Does ${title} stop in the bedroom too?`;
    await sam.askQuestion('Let us see whether it is this TV.', question, ['Yes', 'No']);
    await tv.sees(question);
    await tv.choose('No');
    await sam.sees(/Answered.*No|“No”/);
  });
});
