/**
 * A Firefox in a test, driven by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/) over a plain WebSocket: what
 * drives Chromium here knows no Firefox of Debian's.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './checks.ts';

const PROGRAM = 'firefox-esr';
const SAYS_WHERE = /WebDriver BiDi listening on (ws:\/\/\S+)/;

/** A page as tests ask it things; Chromium's pages of Playwright are such as well. */
export interface Asked {
  /** Runs a function in the page. Its argument and what it returns go there and back as JSON. */
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
}

export interface FirefoxPage extends Asked {
  /** Presses the button of this name, once it is there. Resolves when the other one is, if one is named. */
  press(name: string, until?: string): Promise<void>;
}

export interface Firefox {
  open(url: string): Promise<FirefoxPage>;
  close(): Promise<void>;
}

/** Whether there is one on this machine. */
export async function hasFirefox(): Promise<boolean> {
  return (await run('sh', ['-c', `command -v ${PROGRAM}`])).code === 0;
}

/**
 * Starts a headless Firefox with a fresh profile, a fake camera and a fake microphone that are granted to all.
 * @param hertz of the tone that its microphone hears
 */
export async function launchFirefox(hertz: number): Promise<Firefox> {
  const profile = await mkdtemp(join(tmpdir(), 'couchline-firefox-'));
  const preferences = {
    'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true,
    'media.navigator.audio.fake_frequency': hertz,
    'media.autoplay.default': 0,
    'media.autoplay.blocking_policy': 0,
    'app.normandy.enabled': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'toolkit.telemetry.enabled': false,
    'browser.shell.checkDefaultBrowser': false,
  };
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const child = spawn(PROGRAM, ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'], {
    env: { ...process.env, HOME: profile },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'close');
  // It does not outlive a run that ends without its tests' farewells.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  const url = await new Promise<string>((listening, failed) => {
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = SAYS_WHERE.exec(said)?.[1];
      if (found !== undefined) listening(found);
    });
    void gone.then(() => failed(new Error(`Firefox ended before it listened. It said:\n${said}`)));
  });
  const remote = await Remote.connect(`${url}/session`);
  await remote.ask('session.new', { capabilities: {} });
  return {
    async open(address) {
      const { context } = await remote.ask<{ context: string }>('browsingContext.create', { type: 'tab' });
      await remote.ask('browsingContext.navigate', { context, url: address, wait: 'complete' });
      return pageOf(remote, context);
    },
    async close() {
      process.off('exit', end);
      end();
      await gone;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function pageOf(remote: Remote, context: string): FirefoxPage {
  const evaluate: Asked['evaluate'] = async (run, argument) => {
    const expression = `(async () => JSON.stringify(await (${String(run)})(${JSON.stringify(argument)})))()`;
    const parameters = { expression, target: { context }, awaitPromise: true, userActivation: true };
    const answer = await remote.ask<Evaluated>('script.evaluate', parameters);
    if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
    return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
  };
  return {
    evaluate,
    press: (name, until) =>
      evaluate(
        async ([wanted, then]) => {
          const button = async (called: string): Promise<HTMLButtonElement> => {
            for (;;) {
              const found = [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === called);
              if (found !== undefined) return found;
              await new Promise((later) => setTimeout(later, 50));
            }
          };
          (await button(wanted)).click();
          if (then !== null) await button(then);
        },
        [name, until ?? null] as const,
      ),
  };
}

type Evaluated =
  { type: 'success'; result: { value?: string } } | { type: 'exception'; exceptionDetails: { text: string } };

/** The WebSocket that Firefox takes commands on. */
class Remote {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;

  static async connect(url: string): Promise<Remote> {
    const socket = new WebSocket(url);
    await new Promise((open, failed) => {
      socket.addEventListener('open', open, { once: true });
      socket.addEventListener('close', () => failed(new Error('Firefox closed the connection.')), { once: true });
    });
    return new Remote(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result, message } = JSON.parse(String(data)) as { id?: number; result?: unknown; message?: string };
      const asked = this.#waiting.get(id ?? 0);
      if (asked === undefined) return;
      this.#waiting.delete(id ?? 0);
      if (message === undefined) asked.resolve(result);
      else asked.reject(new Error(message));
    });
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('Firefox closed the connection.'));
    });
  }

  async ask<Answer>(method: string, params: object): Promise<Answer> {
    const id = (this.#asked += 1);
    const asked = Promise.withResolvers<unknown>();
    this.#waiting.set(id, asked);
    this.#socket.send(JSON.stringify({ id, method, params }));
    return (await asked.promise) as Answer;
  }
}
