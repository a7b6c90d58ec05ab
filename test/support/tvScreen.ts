/** The person on the couch: six keys and a pair of eyes. Everything is done by remote, never by a click. */
import type { Browser, BrowserContext, Page } from 'playwright-core';

type RemoteKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown' | 'Enter' | 'Escape';

export interface TvOptions {
  serial?: string;
  secret?: string;
  model?: string;
  display?: string;
  form?: 'all-in-one' | 'set-top-box';
  firmware?: string;
  operator?: string;
  region?: string;
  wanted?: string;
}

declare global {
  interface Window {
    /** Every WebSocket of the page. */
    sockets: WebSocket[];
  }
}

/** Runs in the page before all else. */
function rememberSockets(): void {
  window.sockets = [];
  window.WebSocket = new Proxy(window.WebSocket, {
    construct(target, given: [string, string[]?]) {
      const socket = new target(...given);
      window.sockets.push(socket);
      return socket;
    },
  });
}

export class TvScreen {
  readonly page: Page;
  readonly #context: BrowserContext;
  readonly errors: string[] = [];
  /** What the TV said to the service, by type: `registerTv`, `request`, `viewer`; pings are left out. */
  readonly said: string[] = [];

  constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const { type } = JSON.parse(String(payload)) as { type: string };
        if (type !== 'ping') this.said.push(type);
      }),
    );
  }

  /**
   * Turns a TV on: a browser of 1920×1080 with storage of its own. Without a serial it pairs.
   * @param state one of the TV's without a service (test/web/tv/fixtures)
   */
  static async turnOn(
    browser: Browser,
    url: string,
    options: TvOptions,
    viewport = { width: 1920, height: 1080 },
    state = '',
  ): Promise<TvScreen> {
    const context = await browser.newContext({ viewport });
    await context.addInitScript(rememberSockets);
    const tv = new TvScreen(await context.newPage(), context);
    const query = options.serial === undefined ? 'pair' : new URLSearchParams({ ...options }).toString();
    await tv.page.goto(`${url}/tv/?${query}${state === '' ? '' : `#${state}`}`);
    await tv.page.locator('.is-focused').first().waitFor();
    return tv;
  }

  /** Presses a key of the remote, several times if said so. */
  async press(key: RemoteKey, times = 1): Promise<void> {
    for (let n = 0; n < times; n += 1) {
      await this.#read();
      await this.page.keyboard.press(key);
    }
  }

  /** A screen that came uninvited takes no key for a moment; a person reads it meanwhile. */
  async #read(): Promise<void> {
    await this.page.locator('.is-deaf').waitFor({ state: 'detached' });
  }

  /** The words of the focused thing. */
  async focused(): Promise<string> {
    const words = await this.page.locator('.is-focused').last().innerText();
    return words.replace(/\s+/g, ' ').trim();
  }

  /** Waits until these words are on the screen. */
  async sees(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor();
  }

  /** Whether the words are on the screen now. */
  async shows(words: string | RegExp): Promise<boolean> {
    return (await this.page.getByText(words).filter({ visible: true }).count()) > 0;
  }

  /** Waits until none of these words are on the screen. */
  async seesNoMore(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor({ state: 'hidden' });
  }

  /** The heading of the topmost screen. */
  async heading(): Promise<string> {
    return await this.page.locator('[data-screen]').last().locator('h1').innerText();
  }

  /** Goes to what bears these words with the arrows alone, and presses OK. */
  async choose(words: string | RegExp): Promise<void> {
    const chosen = this.page.locator('.is-focused').last().filter({ hasText: words });
    do {
      await this.goTo(words);
      await this.#read();
      // A screen that came meanwhile has its focus where it begins.
    } while ((await chosen.count()) === 0);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Moves the focus with the arrows, each time towards the target.
   * @throws Error when the arrows do not lead there
   */
  async goTo(words: string | RegExp): Promise<void> {
    const target = this.page.locator('[data-focus]').filter({ hasText: words }).last();
    await target.waitFor();
    for (let presses = 0; presses < 24; presses += 1) {
      const way = await target.evaluate((element) => {
        const all = document.querySelectorAll('.is-focused');
        const focused = all[all.length - 1];
        if (!focused || focused === element) return null;
        const [from, to] = [focused.getBoundingClientRect(), element.getBoundingClientRect()];
        const right = to.left + to.width / 2 - (from.left + from.width / 2);
        const down = to.top + to.height / 2 - (from.top + from.height / 2);
        const apart = Math.max(from.height, to.height) / 2;
        if (Math.abs(down) > apart) return down > 0 ? 'ArrowDown' : 'ArrowUp';
        return right > 0 ? 'ArrowRight' : 'ArrowLeft';
      });
      if (way === null) return;
      const before = await this.focused();
      await this.press(way);
      if ((await this.focused()) === before && presses > 0) {
        // Stopped at an edge: the other axis leads around it.
        await this.press(way === 'ArrowDown' || way === 'ArrowUp' ? 'ArrowLeft' : 'ArrowDown');
      }
    }
    throw new Error(`The arrows do not lead to ${String(words)}; "${await this.focused()}" has the focus.`);
  }

  /** Opens the first title and waits until its picture moves. */
  async play(): Promise<void> {
    await this.press('Enter');
    await this.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0.5);
  }

  /** Breaks something with the demo's tools. They are not the viewer's, so here a pointer does it. */
  async break(what: string): Promise<void> {
    await this.#tools(what);
  }

  /** Mends what the demo's tools broke. */
  async mend(): Promise<void> {
    await this.#tools('Mend it');
  }

  /** Turns it off and on again: the page is loaded anew, its storage stays. */
  async restart(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.is-focused').first().waitFor();
  }

  /** Takes the network away, as a router does that restarts: connections break, and new ones come to nothing. */
  async cutNetwork(): Promise<void> {
    await this.page.evaluate(() => {
      for (const socket of window.sockets) socket.close();
    });
    await this.setOnline(false);
  }

  /** Takes the network away from the whole browser without a word, so that it is noticed late, or gives it back. */
  async setOnline(online: boolean): Promise<void> {
    await this.#context.setOffline(!online);
  }

  async turnOff(): Promise<void> {
    await this.#context.close();
  }

  async #tools(what: string): Promise<void> {
    const tools = this.page.locator('[data-focus="demo"]').filter({ visible: true }).last();
    // In the player the bar hides; any key brings it back.
    if ((await tools.count()) === 0) await this.press('ArrowUp');
    await tools.click();
    await this.page.locator('[data-focus]').filter({ hasText: what }).last().click();
    const close = this.page.locator('[data-focus="close"]');
    if ((await close.count()) > 0) await close.click();
    await close.waitFor({ state: 'detached' });
  }
}
