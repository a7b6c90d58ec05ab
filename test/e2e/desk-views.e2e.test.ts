/** Every main state of the desk in a real browser: what axe finds, where the focus goes, what keys do. */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { seriousInBoth, seriousProblems } from '../support/axe.ts';
import { setDeskStage } from '../web/agent/support/deskStage.ts';
import type { StubConnector } from '../web/agent/fixtures/stub-connector.ts';

declare global {
  interface Window {
    desk: StubConnector;
  }
}

const NARROW = { width: 1200, height: 800 };

const stage = setDeskStage();

const said = (page: Page) => page.evaluate(() => window.desk.said);

/** Offers a second interaction, with what comes in the same breath. @returns what the page shows before it is painted */
async function offer(page: Page, offerId: string): Promise<{ fault: string; presence: string }> {
  return await page.evaluate(async (offerId) => {
    const { interactions, presence } = window.desk.state;
    const [view] = interactions;
    if (view === undefined || presence === null) throw new Error('there is one');
    const agent = { agentId: 'sam', name: 'Sam' };
    const status = { kind: 'offered' as const, offerId, agent, expiresAt: Date.now() + 20_000 };
    window.desk.put({ interactions: [view, { ...view, id: 'ix2', status }] });
    window.desk.put({ presence: { ...presence, presence: { kind: 'ringing' } } });
    // A task is over when its microtasks are.
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
    const words = (selector: string) => document.querySelector<HTMLElement>(selector)?.innerText ?? '';
    return { fault: words('.offer h2'), presence: words('.presence') };
  }, offerId);
}

/** The names of what Tab leads to, from where the focus is. */
async function tabThrough(page: Page, howMany: number): Promise<string[]> {
  const names: string[] = [];
  for (let i = 0; i < howMany; i += 1) {
    await page.keyboard.press('Tab');
    names.push(
      await page.evaluate(() => {
        const element = document.activeElement;
        const label = element?.getAttribute('aria-label') ?? element?.textContent ?? '';
        const labels = element instanceof HTMLTextAreaElement ? (element.labels?.[0]?.textContent ?? '') : '';
        return (labels || label).trim();
      }),
    );
  }
  return names;
}

describe('axe finds nothing serious', () => {
  it.each([
    ['sign-in', 'Sign in to Couchline'],
    ['unreachable', 'Not online'],
    ['ready', 'You are ready'],
    ['away', 'You are away'],
    ['not-answering', 'was not answered'],
    ['offer', 'Alt+Shift+A'],
    ['offer-while-helping', 'Alt+Shift+A'],
    ['workspace', 'Weak Wi-Fi'],
    ['tv-lost', 'TV last heard'],
    ['offline', 'Not online since'],
    ['fixed', 'Fixed. The TV checked.'],
    ['claimed', 'It is not checked.'],
    ['reading-failed', 'Read again'],
    ['invited', 'Waiting for the viewer to say yes'],
    ['wrap-up', 'How did it end?'],
    ['wrap-up-late', 'The TV has verified no task.'],
    ['replaced', 'open in another window'],
    ['tvs', 'Offer help'],
    ['tvs-none', 'No TVs yet'],
    ['tvs-failed', 'Read again'],
    ['pair', 'Code on the TV'],
    ['pair-found', 'Code on the TV'],
    ['catalogue', 'For the viewer'],
    ['catalogue-draft', 'Discard'],
  ])('%s, light and dark', async (state, landmark) => {
    const page = await stage.open(state, landmark);
    expect(await seriousInBoth(page)).toEqual([]);
  });

  it('workspace and wrap-up where the guide is a tab', async () => {
    const page = await stage.open('workspace', 'Timeline', { viewport: NARROW });
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Guide' }).click();
    await page.getByText('Weak Wi-Fi').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('tasks being written, with their errors', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.getByRole('button', { name: 'Ask a question' }).click();
    await page.getByRole('button', { name: 'Send to the TV' }).click();
    await page.getByText('Enter the question.').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    expect(await said(page)).toEqual([]);
  });

  it('an entry being edited, with what the service found at its fields', async () => {
    const page = await stage.open('catalogue-draft', 'Discard');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByText('It never comes first').waitFor();
    expect(await page.getByRole('textbox', { name: 'Fault' }).getAttribute('aria-invalid')).toBe('true');
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('menus and dialogs', async () => {
    const page = await stage.open('ready', 'You are ready');
    await page.getByRole('button', { name: 'Presence: Ready' }).click();
    await page.getByRole('menuitem', { name: 'Lunch' }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Alt+Shift+Slash');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await seriousProblems(page)).toEqual([]);
  });
});

describe('asking the viewer', () => {
  it('[IX15] takes the question alone on a small screen, and what sends it is in sight all the time', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi', { viewport: { width: 1280, height: 720 } });
    await page.getByRole('button', { name: 'Ask a question' }).press('Enter');
    const send = page.getByRole('button', { name: 'Send to the TV' });
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('tasks.0.title');
    expect(await page.getByText('What happens meanwhile').count()).toBe(0);
    const foot = await send.boundingBox();
    expect((foot?.y ?? 720) + (foot?.height ?? 0)).toBeLessThan(720);
    await page.keyboard.type('Is the light on the router green?');
    await send.press('Enter');
    const tasks = [{ title: 'Is the light on the router green?', choices: ['Yes', 'No'] }];
    const detail = { interactionId: 'ix1', type: 'sendDiagnosis', explanation: '', tasks };
    await expect.poll(() => said(page)).toEqual([{ what: 'sendDiagnosis', detail }]);
  });

  it('[IX15] a task keeps its explanation first, and its way to the TV in sight too', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi', { viewport: { width: 1366, height: 768 } });
    await page.getByRole('button', { name: 'Write tasks' }).press('Enter');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('explanation');
    const foot = await page.getByRole('button', { name: 'Send to the TV' }).boundingBox();
    expect((foot?.y ?? 768) + (foot?.height ?? 0)).toBeLessThan(768);
    await page.getByRole('button', { name: 'Make it a question' }).click();
    await page.getByText('What it is, for the viewer (optional)').waitFor();
    expect(await page.getByRole('textbox', { name: 'Answer 2' }).inputValue()).toBe('No');
    expect(await seriousProblems(page)).toEqual([]);
  });
});

describe('what stands beside the talk', () => {
  it('[RT2] tells who has it that they are meant, and after the end what the TV showed last', async () => {
    const helping = await stage.open('workspace', 'Weak Wi-Fi');
    const tv = helping.getByRole('region', { name: 'TV', exact: true });
    await tv.getByText('Help line. You look after this customer.').waitFor();
    await tv.getByRole('heading', { name: 'What the TV shows', exact: true }).waitFor();
    const over = await stage.open('wrap-up', 'How did it end?');
    await over.getByRole('heading', { name: 'What the TV showed last' }).waitFor();
    expect(await over.getByText('What the TV shows', { exact: true }).count()).toBe(0);
  });
});

describe('a service that answers slowly', () => {
  it('[M4] is told of after five seconds, at the sign-in', async () => {
    const page = await stage.newPage();
    await page.clock.install();
    await page.goto(stage.at('sign-in-slow'));
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('sam@harbour.example');
    await page.getByRole('textbox', { name: 'Password' }).fill('a long walk by the sea');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Signing in' }).waitFor();
    const slow = page.getByText('This is taking longer than usual.');
    expect(await slow.count()).toBe(0);
    await page.clock.fastForward(5_000);
    await slow.waitFor();
  });

  it('[M4] is told of where a message is on its way', async () => {
    const page = await stage.newPage();
    await page.clock.install();
    await page.goto(stage.at('workspace'));
    const box = page.getByRole('textbox', { name: 'Message to the TV' });
    await box.fill('Is the light green?');
    await page.evaluate(() => void (window.desk.say = () => new Promise(() => {})));
    await box.press('Enter');
    await page.getByRole('button', { name: 'Send Under way' }).waitFor();
    await page.clock.fastForward(5_000);
    await page.getByText('This is taking longer than usual. Your message is kept.').waitFor();
    expect(await box.inputValue()).toBe('Is the light green?');
  });
});

describe('a talk that was lost', () => {
  it.each([false, true])('[IX25] is told of once the desk is back; still there: %s', async (stays) => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.evaluate(() => {
      const connection = { kind: 'offline' as const, since: Date.now(), nextTryAt: Date.now() + 5_000 };
      window.desk.put({ connection });
    });
    await page.getByText(/^Not online since/).waitFor();
    await page.evaluate((stays) => {
      if (!stays) window.desk.put({ interactions: [] });
      window.desk.put({ connection: { kind: 'online' } });
    }, stays);
    await page.getByText(/^Not online since/).waitFor({ state: 'detached' });
    const said = page.getByText('Your talk with Living room TV went back to the line while you were not online.');
    if (stays) expect(await said.count()).toBe(0);
    else await said.waitFor();
  });
});

describe('an offer while nobody is with the agent', () => {
  it.each([1280, 1366, 1440, 1920])('[IX5] hides nothing of the queues at %d px', async (width) => {
    const page = await stage.open('offer', 'Alt+Shift+A', { viewport: { width, height: 768 } });
    const [card, table] = await Promise.all([
      page.getByRole('region', { name: 'Offer' }).boundingBox(),
      page.getByRole('table', { name: 'Your queues' }).boundingBox(),
    ]);
    if (card === null || table === null) throw new Error('both are shown');
    expect(table.x + table.width).toBeLessThan(card.x);
    expect(table.x).toBeGreaterThanOrEqual(56);
  });
});

describe('nothing is cut off', () => {
  it.each(['workspace', 'wrap-up', 'tvs', 'catalogue-draft', 'pair', 'ready'])(
    '%s never scrolls sideways, down to 320 px',
    async (state) => {
      const page = await stage.open(state, 'Harbour Help');
      for (const width of [1440, 1200, 800, 320]) {
        await page.setViewportSize({ width, height: 800 });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(over, `${width} px`).toBeLessThanOrEqual(0);
      }
    },
  );
});

describe('by keyboard alone', () => {
  it('the message box has the first focus, and Enter sends', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.keyboard.type('Is the light on the router green?');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => said(page))
      .toEqual([
        {
          what: 'sendMessage',
          detail: { interactionId: 'ix1', type: 'sendMessage', text: 'Is the light on the router green?' },
        },
      ]);
    await expect.poll(() => page.getByRole('textbox', { name: 'Message to the TV' }).inputValue()).toBe('');
  });

  it('Tab goes from the message box through the guide to the end', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    expect(await tabThrough(page, 10)).toEqual([
      'Guide',
      'Take back: Move the router closer to the TV, in open view',
      'Weak Wi-Fi',
      'Send tasks',
      'Edit first',
      'Not this',
      'Slow or weak connectionSent',
      'Write tasks',
      'Ask a question',
      'End help Alt+Shift+E',
    ]);
  });

  it('F6 goes from pane to pane, and back to where the focus was', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    const pane = () =>
      page.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('aria-label') ?? 'Status');
    const seen: string[] = [await pane()];
    for (let i = 0; i < 6; i += 1) {
      await page.keyboard.press('F6');
      seen.push(await pane());
    }
    expect(seen).toEqual(['Conversation', 'Guide', 'This help', 'Pages', 'Status', 'TV', 'Conversation']);
    await page.keyboard.type('still here');
    expect(await page.getByRole('textbox', { name: 'Message to the TV' }).inputValue()).toBe('still here');
    await page.keyboard.press('Shift+F6');
    expect(await pane()).toBe('TV');
  });

  it('an offer never takes the focus from typing, and is accepted from there', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.keyboard.type('Is the light');
    await offer(page, 'o2');
    await page.getByRole('region', { name: 'Offer' }).waitFor();
    await page.getByRole('alert').filter({ hasText: 'Offer from Help line' }).waitFor({ state: 'attached' });
    await page.keyboard.type(' green?');
    expect(await page.getByRole('textbox', { name: 'Message to the TV' }).inputValue()).toBe('Is the light green?');
    await expect.poll(() => page.title()).toContain('Offer: The picture keeps stopping');
    await page.keyboard.press('Alt+Shift+A');
    await expect
      .poll(() => said(page))
      .toEqual([{ what: 'accept', detail: { interactionId: 'ix2', type: 'accept', offerId: 'o2' } }]);
  });

  it('an offer stands on the page within its task, and the rest of the page follows once it is painted', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    expect(await offer(page, 'o2')).toEqual({ fault: 'The picture keeps stopping', presence: 'Helping' });
    await page.getByRole('banner').getByRole('button', { name: 'Presence: Offer' }).waitFor();
  });

  it('the card that waits for an offer is neither seen nor reached', async () => {
    const page = await stage.open('ready', 'You are ready');
    expect(await page.getByRole('region', { name: 'Offer' }).count()).toBe(0);
    expect(await page.locator('.offer').isVisible()).toBe(false);
    expect(await tabThrough(page, 20)).not.toContain('Accept Alt+Shift+A');
  });

  it('a press that began on one offer does not answer the next', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await offer(page, 'o2');
    await page.getByRole('button', { name: /^Accept/ }).hover();
    await page.mouse.down();
    await offer(page, 'o3');
    await page.mouse.up();
    await page.keyboard.press('Alt+Shift+D');
    await expect.poll(() => said(page)).toMatchObject([{ what: 'decline', detail: { offerId: 'o3' } }]);
  });

  it('an offer is declined by its key, and silenced without an answer', async () => {
    const page = await stage.open('offer', 'Alt+Shift+D');
    await page.keyboard.press('Alt+Shift+S');
    await page.getByRole('button', { name: 'Silence the ringing' }).waitFor({ state: 'detached' });
    expect(await said(page)).toEqual([]);
    await page.keyboard.press('Alt+Shift+D');
    await expect.poll(async () => (await said(page)).map(({ what }) => what)).toEqual(['decline']);
  });

  it('help is ended by its key, and presence set from the menu', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.keyboard.press('Alt+Shift+E');
    await expect.poll(async () => (await said(page)).map(({ what }) => what)).toEqual(['end']);
    await page.getByRole('button', { name: 'Presence: Helping' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Lunch' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect
      .poll(async () => (await said(page)).at(-1))
      .toEqual({
        what: 'setPresence',
        detail: { kind: 'away', reason: 'Lunch' },
      });
  });
});

describe('what agents do', () => {
  it('[M9] a suggestion is sent as it is, or edited first', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.getByRole('button', { name: 'Edit first' }).click();
    await page.getByRole('textbox', { name: 'What to do' }).fill('Put the router on the shelf');
    await page.getByRole('button', { name: 'Move Task 1 down' }).click();
    await page.getByRole('button', { name: 'Send to the TV' }).click();
    await page.getByRole('button', { name: 'Send tasks' }).click();
    await expect.poll(async () => (await said(page)).length).toBe(2);
    const [edited, asItIs] = (await said(page)).map(
      ({ detail }) => detail as { entryId: string; tasks: { title: string }[] },
    );
    expect(edited?.entryId).toBe('weak-wifi');
    expect(edited?.tasks.map(({ title }) => title)).toEqual([
      'Is the light on the router green?',
      'Put the router on the shelf',
    ]);
    expect(asItIs?.tasks.map(({ title }) => title)).toEqual([
      'Choose the 5 GHz Wi-Fi',
      'Is the light on the router green?',
    ]);
  });

  it('[M9] what stands on the TV is marked and not sent again; what was put aside stays so after a reload', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.getByText('On the TV already, not sent again').waitFor();
    await page.getByRole('button', { name: 'Not this' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Show 1 suggestion put aside' }).click();
    await page.getByRole('button', { name: 'Weak Wi-Fi' }).waitFor();
  });

  it('[IX15] a task is taken back, and sent again by Undo', async () => {
    const page = await stage.open('workspace', 'Weak Wi-Fi');
    await page.getByRole('button', { name: /^Take back/ }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect
      .poll(() => said(page))
      .toEqual([
        { what: 'withdrawTask', detail: { interactionId: 'ix1', type: 'withdrawTask', taskId: 't2' } },
        {
          what: 'sendDiagnosis',
          detail: {
            interactionId: 'ix1',
            type: 'sendDiagnosis',
            explanation: 'The Wi-Fi signal at the TV is weak.',
            tasks: [{ title: 'Move the router closer to the TV, in open view' }],
          },
        },
      ]);
  });

  it('wrap-up: away is set before the note is saved, so that no offer slips in between', async () => {
    const page = await stage.open('wrap-up', 'How did it end?');
    expect(await page.getByRole('radio', { name: /Fixed, TV verified/ }).isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Save and pause' }).click();
    await expect.poll(async () => (await said(page)).map(({ what }) => what)).toEqual(['setPresence', 'close']);
  });

  it('a note that was not saved is said so, kept over a reload, and saved again', async () => {
    const page = await stage.open('wrap-up-late', 'How did it end?');
    await page.getByRole('button', { name: 'Save and be ready' }).click();
    await page.getByText('Choose how it ended.').waitFor();
    await page.getByRole('radio', { name: 'Not fixed, follow up' }).check({ force: true });
    await page.getByRole('textbox', { name: 'Note' }).fill('Call Bob tomorrow.');
    await page.getByRole('button', { name: 'Save and be ready' }).click();
    await page.getByText('Note not saved. It is kept in this browser.').waitFor();
    await page.goto('about:blank');
    await page.goto(stage.at('wrap-up-late'));
    const note = page.getByRole('textbox', { name: 'Note' });
    await note.waitFor();
    expect(await note.inputValue()).toBe('Call Bob tomorrow.');
  });

  it('[M7] help is offered to a TV that is online, and the others say why not', async () => {
    const page = await stage.open('tvs', 'Offer help');
    await page.getByRole('row', { name: 'Kitchen TV' }).click();
    await page.getByText('This TV is not online.').waitFor();
    await page.getByRole('button', { name: 'Offer help' }).click({ force: true });
    expect(await said(page)).toEqual([]);
    await page.getByRole('row', { name: 'Living room TV' }).click();
    await page.getByText('You see more once the viewer says yes.').waitFor();
    await page.getByRole('button', { name: 'Offer help' }).click();
    await expect.poll(() => said(page)).toEqual([{ what: 'invite', detail: { tvId: 'living-room' } }]);
  });

  it('a code from the address is read, and the TV named and allowed', async () => {
    const page = await stage.open('pair-found', 'Code on the TV');
    await page.getByRole('button', { name: 'Find the TV' }).click();
    await page.getByText('BCDF-GHJK').waitFor();
    await page.getByRole('button', { name: 'Allow this TV' }).click();
    await page.getByText('Enter how the home calls this TV.').waitFor();
    await page.getByRole('textbox', { name: 'Name of the TV' }).fill('Living room TV');
    await page.keyboard.press('Enter');
    await page.getByText('“Living room TV” is paired.').waitFor();
  });

  it('[M3] a TV that is known already: whose credentials end is said before the yes', async () => {
    const page = await stage.open('pair-known', 'Code on the TV');
    await page.getByRole('button', { name: 'Find the TV' }).click();
    const words = 'This gives “Living room TV”, the TV of Alice Ward, new credentials; the old ones stop working.';
    await page.getByText(words).waitFor();
    expect(await page.getByText('SER-1').isVisible()).toBe(true);
    expect(await seriousProblems(page)).toEqual([]);
  });

  it('a draft that somebody else saved first is told, and nothing typed is lost', async () => {
    const page = await stage.open('catalogue-draft', 'Discard');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Name, for agents' }).fill('Slow line');
    await page.getByRole('button', { name: 'Save in the draft' }).click();
    await page.getByText('Alice Moreau saved a draft moments ago.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Name, for agents' }).inputValue()).toBe('Slow line');
    await page.getByRole('button', { name: 'Load the other draft' }).click();
    await page.getByRole('heading', { name: 'Slow connection' }).waitFor();
  });

  it('a new entry leaves no other row chosen', async () => {
    const page = await stage.open('catalogue-draft', 'Discard');
    const chosen = page.locator('[role="row"][aria-selected="true"]');
    expect(await chosen.count()).toBe(1);
    await page.getByRole('button', { name: 'New entry' }).click();
    await page.getByRole('heading', { name: 'New entry' }).waitFor();
    expect(await chosen.count()).toBe(0);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(() => chosen.count()).toBe(1);
  });

  it('the preview has its words where the TV has them, and large enough for a desk', async () => {
    const page = await stage.open('catalogue', 'For the viewer', { viewport: { width: 1280, height: 720 } });
    const preview = page.locator('.tv-screen').first();
    const { middle, smallest } = await preview.evaluate((screen) => {
      const box = screen.getBoundingClientRect();
      const words = screen.querySelector('.tv-words')?.getBoundingClientRect() ?? box;
      const sizes = [...screen.querySelectorAll('p, span')].map((one) =>
        Number.parseFloat(getComputedStyle(one).fontSize),
      );
      return { middle: (words.top + words.height / 2 - box.top) / box.height, smallest: Math.min(...sizes) };
    });
    expect(smallest).toBeGreaterThanOrEqual(12);
    expect(Math.abs(middle - 0.5)).toBeLessThan(0.08);
  });

  it('sign-in marks what is empty, and goes to the first of it', async () => {
    const page = await stage.open('sign-in', 'Sign in to Couchline');
    const [email, password] = ['E-mail address', 'Password'].map((name) => page.getByRole('textbox', { name }));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Enter your password.').waitFor();
    await page.getByText('Enter your e-mail address.').waitFor();
    for (const field of [email, password]) expect(await field?.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('email');
    await page.keyboard.type('sam@harbour.example');
    await page.getByText('Enter your e-mail address.').waitFor({ state: 'detached' });
    expect(await seriousProblems(page)).toEqual([]);
  });

  it.each([
    ['nowhere', 'This page is not there'],
    ['help-unknown', 'This help is not with you'],
  ])('an address that leads nowhere (%s) says so, and leads back', async (state, title) => {
    const page = await stage.open(state, title);
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'Go to your work' }).press('Enter');
    await page.getByRole('heading', { name: 'You are ready' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/agent/');
  });

  it('help that ends while it is looked at leads to the next, without a word', async () => {
    const page = await stage.open('wrap-up-at-its-address', 'How did it end?');
    await page.evaluate(() => {
      const { presence } = window.desk.state;
      window.desk.put({ interactions: [], presence: presence && { ...presence, presence: { kind: 'ready' } } });
    });
    await page.getByRole('heading', { name: 'You are ready' }).waitFor();
    expect(await page.getByText('This help is not with you').count()).toBe(0);
  });

  it('sign-in never says which field was wrong', async () => {
    const page = await stage.open('sign-in-refused', 'Sign in to Couchline');
    await page.keyboard.type('sam@harbour.example');
    await page.keyboard.press('Tab');
    await page.keyboard.type('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').filter({ hasText: 'E-mail address and password do not match.' }).waitFor();
  });
});
