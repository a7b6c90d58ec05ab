/** An agent at the desktop: found by role and name, as a screen reader finds things. */
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

export class Desk {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly errors: string[] = [];

  constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  /** Opens the desktop in a browser of its own and signs in; resolves when the agent is ready for offers. */
  static async signIn(browser: Browser, url: string, agent: { email: string; password: string }): Promise<Desk> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const desk = new Desk(await context.newPage(), context);
    await desk.page.goto(`${url}/agent/`);
    await desk.page.getByLabel('E-mail address').fill(agent.email);
    await desk.page.getByLabel('Password').fill(agent.password);
    await desk.page.keyboard.press('Enter');
    await desk.presence(/Ready|Offer|Helping|Wrapping up|Away|Not answering/).waitFor();
    return desk;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).first();
  }

  /** The button that says what the agent is doing, and leads to changing it. */
  presence(words: string | RegExp): Locator {
    return this.page.getByRole('banner').getByRole('button').filter({ hasText: words });
  }

  /** Waits for an offer; resolves when its card is painted. */
  async offered(): Promise<void> {
    await this.button(/^Accept/).waitFor();
  }

  /** Accepts what is offered, by the keyboard. */
  async accept(): Promise<void> {
    await this.offered();
    await this.page.keyboard.press('Alt+Shift+A');
    await this.page.getByRole('region', { name: 'This help' }).waitFor();
  }

  /** Waits until these words stand somewhere on the desktop. */
  async sees(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor();
  }

  async shows(words: string | RegExp): Promise<boolean> {
    return (await this.page.getByText(words).filter({ visible: true }).count()) > 0;
  }

  /** Sends the suggestion of this name as it is. */
  async sendSuggestion(name: string | RegExp): Promise<void> {
    const send = this.button(/^Send (task|again)/);
    if ((await send.count()) === 0 || !(await send.isVisible())) await this.button(name).click();
    await send.click();
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: /message/i }).fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Ends the talk, by the keyboard. */
  async end(): Promise<void> {
    await this.page.keyboard.press('Alt+Shift+E');
    await this.page.getByRole('radiogroup', { name: 'How did it end?' }).waitFor();
  }

  /** Chooses how it ended and saves. */
  async wrapUp(disposition: string): Promise<void> {
    await this.page.getByRole('radio', { name: disposition }).check();
    await this.button('Save and be ready').click();
    await this.presence('Ready').waitFor();
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }
}
