/**
 * The test bench of end-to-end tests: one running service and one browser a file, and for every
 * test a contact centre of its own, so that no test disturbs another.
 */
import { randomBytes } from 'node:crypto';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openDatabase, type Database } from '../../db/database.ts';
import { createProvisioning, type Provisioning } from '../../db/provisioning.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import type { TvTold } from '../../src/protocol/facts.ts';
import { createRegistration, type Registration } from '../../src/registration/registration.ts';
import { launchBrowser } from './browser.ts';
import { Desk } from './desk.ts';
import { startService, type Service } from './service.ts';
import { TvScreen, type TvOptions } from './tvScreen.ts';
import { registerAgent, registerTv, signIn, type TvCredentials, type WireClient } from './wire.ts';

export interface Person {
  agentId: string;
  name: string;
  email: string;
  password: string;
}

/** What is opened for a test and closed after it. */
interface Opened {
  /** Errors that a page reported. */
  errors?: string[];
  close(): Promise<unknown>;
}

export interface Bench {
  service: Service;
  url: string;
  /** A contact centre with the queue "Help line", to which everybody belongs. */
  centre(name?: string): Promise<Centre>;
  /** Turns on a TV that nobody provisioned: it shows a code to be paired. */
  newTv(size?: { width: number; height: number }): Promise<TvScreen>;
  /** A page in a browser context of its own, for what is neither TV nor desktop. */
  page(options?: BrowserContextOptions): Promise<Page>;
  /** Has `close` run after this test, when the screens are closed. */
  afterwards(close: () => Promise<unknown>): void;
  /**
   * For afterEach: closes every screen, desktop and connection of the test.
   * @throws Error when a page reported an error meanwhile
   */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** @param env settings of src/config.ts */
export async function openBench(env: Record<string, string> = {}): Promise<Bench> {
  const service = await startService({ DEMO: 'off', ...env });
  const database = openDatabase(service.databaseUrl, { connections: 2 });
  const tools = toolsOn(database, service.url);
  const opened: Opened[] = [];
  let launched: Promise<Browser> | null = null;
  const browser = () => (launched ??= launchBrowser());

  return {
    service,
    url: service.url,
    async centre(name = 'Harbour Help') {
      const id = `centre-${randomBytes(4).toString('hex')}`;
      await tools.provisioning.createCentre({ id, name });
      return new Centre({ id, name, url: service.url, tools, browser, opened });
    },
    async newTv(size) {
      const tv = await TvScreen.turnOn(await browser(), service.url, {}, size);
      opened.push({ errors: tv.errors, close: () => tv.turnOff() });
      return tv;
    },
    async page(options) {
      const context = await (await browser()).newContext(options);
      const errors: string[] = [];
      opened.push({ errors, close: () => context.close() });
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(error.message));
      return page;
    },
    afterwards(close) {
      opened.push({ close });
    },
    async clear() {
      const all = opened.splice(0);
      const errors = all.flatMap((one) => one.errors ?? []);
      await Promise.all(all.map((one) => one.close()));
      if (errors.length > 0) throw new Error(`The pages reported errors:\n${errors.join('\n')}`);
    },
    async close() {
      await (await launched)?.close();
      await database.end();
      await service.stop();
    },
  };
}

interface Tools {
  provisioning: Provisioning;
  registration: Registration;
}

function toolsOn(database: Database, publicUrl: string): Tools {
  const store = createRegistrationStore(database);
  return {
    provisioning: createProvisioning(database),
    registration: createRegistration({ store, clock: () => Date.now(), publicUrl }),
  };
}

interface CentreParts {
  id: string;
  name: string;
  url: string;
  tools: Tools;
  browser: () => Promise<Browser>;
  opened: Opened[];
}

/** A contact centre of one test, with whom and what belongs to it. */
export class Centre {
  readonly id: string;
  readonly name: string;
  readonly #parts: CentreParts;

  constructor(parts: CentreParts) {
    this.id = parts.id;
    this.name = parts.name;
    this.#parts = parts;
  }

  /** A queue before the help line; its patterns fit everything unless told otherwise. */
  async addQueue(queue: { name: string; operator?: string; model?: string; region?: string; skills: string[] }) {
    const any = { operator: '*', model: '*', region: '*', order: null };
    await this.#parts.tools.provisioning.createQueue(this.id, { ...any, ...queue });
  }

  /** @returns the customer's id */
  async addCustomer(reference: string, name: string): Promise<string> {
    return (await this.#parts.tools.provisioning.createCustomer(this.id, { reference, name })).id;
  }

  async addAgent(
    name: string,
    given: { skills?: string[]; customersLookedAfter?: string[]; capacity?: number; supervisor?: boolean } = {},
  ): Promise<Person> {
    const { supervisor, ...rest } = given;
    const email = `${name.toLowerCase().replace(/\W+/g, '.')}@${this.id}.example`;
    const password = `${name} answers the line`;
    const { agentId } = await this.#parts.tools.registration.addAgent(this.id, {
      name,
      email,
      password,
      roles: supervisor ? ['agent', 'supervisor'] : ['agent'],
      skills: [],
      customersLookedAfter: [],
      capacity: 1,
      ...rest,
    });
    return { agentId, name, email, password };
  }

  /** Provisions a TV. @returns its credentials */
  async addTv(name = 'Living room TV', customerId?: string): Promise<TvCredentials> {
    const serial = `TV-${randomBytes(4).toString('hex')}`;
    const known = customerId === undefined ? {} : { customerId };
    return await this.#parts.tools.registration.provisionTv(this.id, { serial, name, ...known });
  }

  /** Turns a TV on in the browser; a newly provisioned one unless it is told which. */
  async tv(options: TvOptions = {}, size?: { width: number; height: number }): Promise<TvScreen> {
    const credentials = options.serial === undefined ? await this.addTv() : {};
    const { url, browser, opened } = this.#parts;
    const tv = await TvScreen.turnOn(await browser(), url, { ...credentials, ...options }, size);
    opened.push({ errors: tv.errors, close: () => tv.turnOff() });
    return tv;
  }

  /** Opens the desktop in the browser, signed in and ready; of a new agent unless it is told whose. */
  async desk(person?: Person): Promise<Desk> {
    const { url, browser, opened } = this.#parts;
    const desk = await Desk.signIn(await browser(), url, person ?? (await this.addAgent('Sam Reyes')));
    opened.push({ errors: desk.errors, close: () => desk.leave() });
    return desk;
  }

  /** A TV on the bare wire; a newly provisioned one unless it is told which. */
  async wireTv(told: Partial<TvTold> = {}, credentials?: TvCredentials): Promise<WireClient> {
    const tv = await registerTv(this.#parts.url, credentials ?? (await this.addTv()), { told });
    this.#hangUpAfterwards(tv);
    return tv;
  }

  /** An agent's computer on the bare wire, ready. */
  async wireAgent(person: Person): Promise<WireClient> {
    const { url } = this.#parts;
    const agent = await registerAgent(url, await signIn(url, person.email, person.password));
    this.#hangUpAfterwards(agent);
    return agent;
  }

  #hangUpAfterwards(client: WireClient): void {
    this.#parts.opened.push({
      async close() {
        client.socket.close();
        await client.closed;
      },
    });
  }
}
