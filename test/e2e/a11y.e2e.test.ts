/**
 * axe on a real session: what the fixtures of desk-views do not have, the shipped catalogue, a TV's
 * own facts and history, and the pages outside of the desktop.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seriousInBoth } from '../support/axe.ts';
import { openBench, type Bench } from '../support/bench.ts';
import type { Desk } from '../support/desk.ts';
import { ask } from '../support/wireSteps.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterEach(() => bench.clear());
afterAll(() => bench.close());

async function soundInBoth({ page }: Pick<Desk, 'page'>, name: string): Promise<void> {
  expect(await seriousInBoth(page), name).toEqual([]);
}

describe('axe finds nothing serious in a real session', () => {
  it('from the offer to the note, then TVs and their history', async () => {
    const centre = await bench.centre();
    const priya = await centre.desk(await centre.addAgent('Priya Nair', { supervisor: true }));
    await soundInBoth(priya, 'ready');
    const bob = await centre.addCustomer('NL-77', 'Bob Okoye');
    const tv = await centre.wireTv({}, await centre.addTv('Living room TV', bob));
    const help = await ask(tv);
    await priya.offered();
    await soundInBoth(priya, 'offer');
    await priya.accept();
    await priya.sees('Suggested');
    await soundInBoth(priya, 'workspace');
    await tv.tell({ type: 'viewer', interactionId: help, command: { type: 'leave' } });
    await priya.sees('How did it end?');
    await soundInBoth(priya, 'wrap-up');
    await priya.wrapUp('Customer left');
    await priya.goTo('TVs');
    await priya.page.getByRole('row', { name: 'Living room TV' }).click();
    await priya.sees('Customer left');
    await soundInBoth(priya, 'TVs');
  });

  it('the shipped catalogue, an entry of it and its editor', async () => {
    const centre = await bench.centre();
    const priya = await centre.desk(await centre.addAgent('Priya Nair', { supervisor: true }));
    await priya.goTo('Catalogue');
    await priya.page.getByRole('row', { name: /Plan ended/ }).click();
    await priya.sees('Choose Renew in Settings, My account');
    await soundInBoth(priya, 'catalogue');
    await priya.button('Edit').click();
    await priya.page.getByRole('textbox', { name: 'Name, for agents' }).waitFor();
    await soundInBoth(priya, 'editor');
  });

  it.each([
    ['the first page', '/', 'Watch TV'],
    ['whether it is ready', '/readyz', 'The service is ready'],
    ['a page that is not here', '/nothing', 'Go to the first page'],
    ['a page with the connector in it', '/tv/plugin.html', 'Get help'],
  ])('%s', async (name, path, landmark) => {
    const page = await bench.page();
    await page.goto(`${bench.url}${path}`);
    await page.getByText(landmark).first().waitFor();
    await soundInBoth({ page }, name);
  });
});
