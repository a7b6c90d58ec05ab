/** Other systems on the desktop: looked at in a browser, and set up at the real service by a supervisor. */
import { describe, expect, it } from 'vitest';
import { seriousInBoth, seriousProblems } from '../support/axe.ts';
import { demo } from '../support/demo.ts';
import { openReceiver } from '../support/receiver.ts';
import { startService } from '../support/service.ts';
import { setDeskStage } from '../web/agent/support/deskStage.ts';

const stage = setDeskStage();

describe('axe finds nothing serious', () => {
  it.each([
    ['admin', 'Replay all that stopped'],
    ['admin-none', 'No webhooks yet'],
    ['admin-keys', 'Old CRM'],
    ['admin-agent', 'For supervisors'],
  ])('[M8] %s, light and dark', async (state, landmark) => {
    const page = await stage.open(state, landmark);
    expect(await seriousInBoth(page)).toEqual([]);
  });

  it('[M8] the form with its errors, a test that did not arrive, and a secret shown once', async () => {
    const page = await stage.newPage();
    await page.goto(stage.at('admin'));
    await page.getByRole('button', { name: 'Send a test event' }).click();
    await page.getByText('Nothing listens at the address.').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add a webhook' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Enter the address of the receiver.').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Address' }).fill('https://crm.example/hooks');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('whsec_c2VjcmV0').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByText('whsec_c2VjcmV0').waitFor({ state: 'detached' });
  });

  it('[M8] a form that cannot be sent leads to its first mistake, also where it is a choice', async () => {
    const page = await stage.open('admin-keys', 'Old CRM');
    await page.getByRole('button', { name: 'Create a key' }).click();
    const name = page.getByRole('textbox', { name: 'Which system it is for' });
    await name.fill('Roster');
    const choices = page.getByRole('group', { name: 'What it may do' });
    await choices.getByRole('checkbox', { name: 'Read interactions' }).press('Space');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('Choose at least one.').waitFor();
    await choices.locator('input:focus').waitFor({ state: 'attached' });
    expect(await seriousProblems(page)).toEqual([]);
    await name.fill('');
    await name.press('Enter');
    await page.locator('input:focus[aria-invalid]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('button:focus', { hasText: 'Create a key' }).waitFor();
  });

  it('[M8] the question before a webhook is deleted, which says what is lost', async () => {
    const page = await stage.newPage();
    await page.goto(stage.at('admin'));
    await page.getByText('Workforce planning').first().click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Events of 2 interactions did not arrive yet').waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keep it');
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('[M8] only supervisors see the way to it', async () => {
    const page = await stage.newPage();
    await page.goto(stage.at('admin-agent'));
    await page.getByText('For supervisors').waitFor();
    expect(await page.getByRole('link', { name: 'Other systems' }).count()).toBe(0);
  });
});

describe('a supervisor connects another system', () => {
  it('[M8] a webhook is added, tried, stops, is replayed; a key is created, works, and is revoked', async () => {
    const receiver = await openReceiver();
    const service = await startService({ ALLOW_PRIVATE_WEBHOOKS: 'on' });
    try {
      const page = await stage.newPage();
      await page.goto(`${service.url}/agent/`);
      await page.getByRole('textbox', { name: 'E-mail' }).fill(demo.priya.email);
      await page.getByLabel('Password').fill(demo.priya.password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'Other systems' }).click();

      await page.getByRole('button', { name: 'Add a webhook' }).click();
      await page.getByRole('textbox', { name: 'Address' }).fill(receiver.url);
      await page.getByRole('textbox', { name: 'What it is for (optional)' }).fill('Customer records');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText(/^whsec_/).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

      await page.getByRole('button', { name: 'Send a test event' }).click();
      await page.getByText('The test event arrived.').waitFor();
      expect(receiver.received[0]?.event.type).toBe('com.couchline.webhook.test');

      await page.getByRole('button', { name: 'API keys' }).click();
      await page.getByRole('button', { name: 'Create a key' }).click();
      await page.getByRole('textbox', { name: 'Which system it is for' }).fill('Monitoring');
      await page.getByText('Ask for help and answer in a viewer’s name').click();
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      const key = (await page.getByTestId('secret').textContent()) ?? '';
      expect(key).toMatch(/^ck_/);
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();

      receiver.answer = () => 500;
      const open = (id: string) =>
        fetch(`${service.url}/v1/interactions`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': id },
          body: JSON.stringify({ serial: demo.tv.serial }),
        });
      expect((await open('from-monitoring-1')).status).toBe(201);
      await receiver.until((received) => received.find(({ event }) => event.data.type === 'requested'));
      await page.getByText('Customer records').click();
      await page.getByText('The receiver answered 500').waitFor();
      receiver.answer = () => 204;
      await page.getByRole('button', { name: /^Replay Living room TV/ }).click();
      await receiver.until((received) =>
        received.find(({ event, status }) => event.data.type === 'queued' && status === 204),
      );
      await page.getByText('Everything gets through').waitFor();

      await page.getByRole('button', { name: 'API keys' }).click();
      await page.getByRole('button', { name: 'Revoke Monitoring' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await page.getByText(`Revoked by ${demo.priya.name}`).waitFor();
      expect((await open('from-monitoring-2')).status).toBe(401);

      await page.getByRole('gridcell').getByText('Customer records').click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Nothing more is sent to it.').waitFor();
      await page.getByRole('button', { name: 'Keep it' }).click();
      await page.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Deleted: Customer records. Everything had arrived.').waitFor();
      await page.getByText('No webhooks yet').waitFor();
    } finally {
      await service.stop();
      await receiver.close();
    }
  });
});
