/** Calls on the desktop: looked at in a browser, and tried at the real service with a real worker. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousInBoth, seriousProblems } from '../support/axe.ts';
import { demo } from '../support/demo.ts';
import { Desk } from '../support/desk.ts';
import { startService, type Service } from '../support/service.ts';
import { setDeskStage } from '../web/agent/support/deskStage.ts';

const stage = setDeskStage();

describe('looked at', () => {
  it.each([
    ['calls', '2 of 2 run'],
    ['calls-missing', 'Run "npm run worker"'],
    ['calls-agent', 'For supervisors'],
  ])('[B8] axe finds nothing serious in %s, light and dark', async (state, landmark) => {
    const page = await stage.open(state, landmark);
    expect(await seriousInBoth(page)).toEqual([]);
  });

  it('[B8] where there are no media a try says why, and agents have no way to the page', async () => {
    const page = await stage.newPage();
    await page.goto(stage.at('calls-missing'));
    // Faded, and it explains itself when it is pressed.
    const start = page.getByRole('button', { name: 'Try camera and microphone', disabled: true });
    await start.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Try it' }).getByText('the media worker is not there').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    const agents = await stage.newPage();
    await agents.goto(stage.at('calls-agent'));
    await agents.getByText('For supervisors').waitFor();
    expect(await agents.getByRole('link', { name: 'Calls' }).count()).toBe(0);
  });

  it('a page whose script does not come, as after an update, says so, and the rest works', async () => {
    const page = await stage.newPage();
    await page.route('**/CallsPage*.js', (route) => route.abort());
    await page.goto(stage.at('calls'));
    await page.getByText('This page did not load. Everything else works.').waitFor();
    expect(await seriousProblems(page)).toEqual([]);
    await page.getByRole('link', { name: 'TVs' }).click();
    await page.getByRole('heading', { name: 'TVs' }).waitFor();
  });
});

describe('tried at the service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ MEDIA_WORKERS: '1' });
  });
  afterAll(() => service.stop());

  async function callsPage(url: string): Promise<Page> {
    const page = await stage.newPage();
    await page.goto(`${url}/agent/calls`);
    await page.getByLabel('E-mail address').fill(demo.priya.email);
    await page.getByLabel('Password').fill(demo.priya.password);
    await page.keyboard.press('Enter');
    await page.getByText('1 of 1 run').waitFor();
    return page;
  }

  const figure = (page: Page, name: string) => page.locator(`dt:text-is("${name}") + dd`);

  it('[B8, M21] by keyboard alone: one sees and hears oneself come back, the way and its figures are told', async () => {
    const page = await callsPage(service.url);
    await page.getByRole('button', { name: 'Try camera and microphone' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('Sound and picture go to the service and come back, by UDP.').waitFor();
    expect(await figure(page, 'Path').innerText()).toMatch(/^UDP, straight to [\d.a-f:]+, port \d+$/);
    expect(await figure(page, 'Round trip').innerText()).toMatch(/^\d+ ms$/);
    expect(await figure(page, 'Lost on the way back').innerText()).toBe('0 %');
    await expect.poll(() => figure(page, 'The service sees you at').innerText()).toMatch(/, port \d+, by UDP$/);
    // Chromium's own camera and microphone beep: both meters move, and frames come out of the second picture.
    for (const meter of ['Your microphone', 'What comes back']) {
      const level = () => page.getByRole('meter', { name: meter }).getAttribute('aria-valuenow');
      await expect.poll(level).not.toBe('0');
    }
    const frames = () =>
      page
        .getByLabel('Back from the service')
        .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);
    const before = await frames();
    await expect.poll(frames).toBeGreaterThan(before + 5);
    expect(await page.getByText(/^No picture/).count()).toBe(0);
    expect(await seriousProblems(page)).toEqual([]);

    const figures = await (await fetch(`${service.url}/metrics`)).text();
    expect(figures).toContain('couchline_media_workers{state="running"} 1');
    expect(figures).toContain('couchline_media_legs{leg="browser"} 1');
    await expect
      .poll(async () => (await fetch(`${service.url}/metrics`)).text())
      .toMatch(/couchline_media_mos_count\{leg="browser",direction="received"\} [1-9]/);

    // The focus stands on the button that ends it.
    await page.keyboard.press('Enter');
    const start = page.getByRole('button', { name: 'Try camera and microphone' });
    await start.waitFor();
    await expect.poll(() => start.evaluate((button) => button === document.activeElement)).toBe(true);
    await expect
      .poll(async () => (await fetch(`${service.url}/metrics`)).text())
      .toContain('couchline_media_legs{leg="browser"} 0');
  });

  it('[B8] a page that is left turns its camera off and ends the try; a second window takes it over', async () => {
    const first = await callsPage(service.url);
    await first.getByRole('button', { name: 'Try camera and microphone' }).click();
    await first.getByText('Sound and picture go to the service and come back, by UDP.').waitFor();
    const second = await first.context().newPage();
    await second.goto(`${service.url}/agent/calls`);
    await second.getByRole('button', { name: 'Try camera and microphone' }).click();
    await second.getByText('Sound and picture go to the service and come back, by UDP.').waitFor();
    await second.getByRole('link', { name: 'TVs' }).click();
    await second.getByRole('heading', { name: 'TVs' }).waitFor();
    await expect
      .poll(async () => (await fetch(`${service.url}/metrics`)).text())
      .toContain('couchline_media_legs{leg="browser"} 0');
  });
});

it('[B8] where nothing gets through, the page says which port to open, to which address, and what else helps', async () => {
  // TEST-NET-2 (RFC 5737) answers nobody.
  const service = await startService({ MEDIA_WORKERS: '1', MEDIA_ANNOUNCED_ADDRESS: '198.51.100.7' });
  try {
    const desk = await Desk.signIn(stage.browser, service.url, demo.priya);
    await desk.goTo('Calls');
    await desk.button('Try camera and microphone').click();
    await desk.sees('Nothing of this browser’s sound and picture reached the service.');
    await desk.sees(/^Open UDP and TCP ports? \d+( and \d+)? to 198\.51\.100\.7 in the firewall\.$/);
    await desk.sees('Where no port can be opened, a TURN server helps: TURN_URL and TURN_SECRET.');
    await desk.sees('No picture yet');
    expect(await seriousProblems(desk.page)).toEqual([]);
    await desk.leave();
  } finally {
    await service.stop();
  }
});
