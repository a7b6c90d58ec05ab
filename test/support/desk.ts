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

  /** Goes to a page of the rail: "Help", "TVs", "Catalogue", "Pair a TV". */
  async goTo(page: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: page, exact: true }).click();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name }).first();
  }

  /** The button that says what the agent is doing, and leads to changing it. */
  presence(words: string | RegExp): Locator {
    return this.page.getByRole('banner').getByRole('button').filter({ hasText: words });
  }

  /** What the TV told, by its label in the TV's pane: "Model", "Display". */
  async fact(label: string): Promise<string> {
    const pane = this.page.getByRole('region', { name: 'TV', exact: true });
    return await pane.locator(`dt:text-is("${label}") + dd`).innerText();
  }

  /** Waits for an offer; resolves when its card is painted. */
  async offered(): Promise<void> {
    await this.button(/^Accept/).waitFor();
  }

  /** Declines what is offered, by the keyboard. */
  async decline(): Promise<void> {
    await this.offered();
    await this.page.keyboard.press('Alt+Shift+D');
    await this.button(/^Decline/).waitFor({ state: 'detached' });
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

  /** Sends a suggestion as it is: the one of this name, or the first that was not sent yet, which stands open. */
  async sendSuggestion(name?: string): Promise<void> {
    const cards = this.page.locator('.suggestion');
    if (name === undefined) return await cards.getByRole('button', { name: /^Send task/ }).click();
    const card = cards.filter({ has: this.page.getByRole('button', { name }) });
    const send = card.getByRole('button', { name: /^Send (task|again)/ });
    await card.waitFor();
    if (!(await send.isVisible())) await card.getByRole('button', { name }).click();
    await send.click();
  }

  /** Sends one task in the agent's own words. */
  async writeTask(explanation: string, title: string): Promise<void> {
    await this.#open('Write tasks');
    await this.page.getByRole('textbox', { name: 'What to do' }).fill(title);
    await this.#send(explanation);
  }

  /** Sends a question with its answers. */
  async askQuestion(explanation: string, question: string, answers: string[]): Promise<void> {
    await this.#open('Ask a question');
    await this.page.getByRole('textbox', { name: 'Question' }).fill(question);
    for (const [index, answer] of answers.entries()) {
      await this.page.getByRole('textbox', { name: `Answer ${index + 1}` }).fill(answer);
    }
    await this.#send(explanation);
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
    const ends = this.page.getByRole('radiogroup', { name: 'How did it end?' });
    await ends.getByText(disposition).click();
    await ends.getByRole('radio', { name: disposition, checked: true }).waitFor();
    await this.button('Save and be ready').click();
    await this.presence('Ready').waitFor();
  }

  /** Loads the page anew; resolves when the desktop is there again. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.presence(/./).waitFor();
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }

  /** By the keyboard: a pointer misses a button that suggestions, just come, push down under it. */
  async #open(editor: 'Write tasks' | 'Ask a question'): Promise<void> {
    await this.button(editor).press('Enter');
  }

  async #send(explanation: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'What it is, for the viewer' }).fill(explanation);
    await this.button('Send to the TV').click();
    await this.button('Write tasks').waitFor();
  }
}
