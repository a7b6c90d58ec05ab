/** A TV that nobody provisioned is paired through /pair, in the shape of RFC 8628 (M1, M3). */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBench, type Bench } from '../support/bench.ts';
import type { Desk } from '../support/desk.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

async function type(desk: Desk, code: string): Promise<void> {
  await desk.page.getByRole('textbox', { name: 'Code on the TV' }).fill(code);
  await desk.button('Find the TV').click();
}

describe('pairing a new TV', () => {
  it('[M1] [M3] a wrong code finds nothing, the right one gives the TV its credentials for good', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await bench.newTv();
    await tv.sees('Tell your help line this code');
    await tv.sees(new URL(`${bench.url}/pair`).host);
    const code = await tv.page.locator('.user-code').innerText();
    expect(code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);

    await sam.page.goto(`${bench.url}/pair`);
    await type(sam, code === 'BCDF-GHJK' ? 'BCDF-GHJL' : 'BCDF-GHJK');
    await sam.sees(/No TV shows this code/i);

    // As somebody types it: small letters, no hyphen.
    await type(sam, code.replace('-', '').toLowerCase());
    await sam.page.getByRole('textbox', { name: 'Name of the TV' }).fill('Kitchen TV');
    await sam.page.getByRole('textbox', { name: 'Customer (optional)' }).fill('Bob Okoye');
    await sam.button('Allow this TV').click();
    await sam.sees('“Kitchen TV” is paired.');

    await tv.seesNoMore('Tell your help line this code');
    await tv.choose('Help');
    await sam.accept();
    expect(await sam.fact('Name')).toBe('Bob Okoye');
    await sam.sees('Kitchen TV');

    // Off and on again: it knows its credentials, and the help goes on.
    await tv.restart();
    await tv.sees('Sam is here.');
    expect(tv.said.filter((said) => said === 'registerTv')).toHaveLength(2);
  });

  it('[M3] refused: the TV stays without help, and shows another code', async () => {
    const centre = await bench.centre();
    const sam = await centre.desk();
    const tv = await bench.newTv();
    await tv.sees('Tell your help line this code');
    const code = await tv.page.locator('.user-code').innerText();
    await sam.page.goto(`${bench.url}/pair?code=${code}`);
    await sam.button('Find the TV').click();
    await sam.sees(code);
    await sam.button('Refuse').click();
    await sam.sees(/^Refused\./);
    await tv.seesNoMore(code);
    await tv.sees('Tell your help line this code');
    expect(await tv.page.locator('.user-code').innerText()).not.toBe(code);
    expect(tv.said).toEqual([]);
  });
});
