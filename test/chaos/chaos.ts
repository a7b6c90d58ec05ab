/**
 * TVs and agents live their story while everything goes wrong; in between, all is brought to rest
 * and their histories are held against the database. See README, "What it survives".
 */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openDatabase, type Database } from '../../db/database.ts';
import { findRunningPostgres } from '../../db/embedded.ts';
import { createProvisioning } from '../../db/provisioning.ts';
import { createRegistrationStore } from '../../db/registrationStore.ts';
import { createRegistration } from '../../src/registration/registration.ts';
import { startService, type Service } from '../support/service.ts';
import { signIn } from '../support/wire.ts';
import { checkAgent, checkHistory, checkTv } from './check.ts';
import { checkLedger, overdue, readLedger, type Ledger } from './ledger.ts';
import { clearLeftovers, ownFolder } from './leftovers.ts';
import { FAULTS, Nemesis, type Fault, type Struck } from './nemesis.ts';
import { AgentPlayer, TvPlayer } from './players.ts';
import { Proxy } from './proxy.ts';
import { isReady, waitedForCpu } from './ready.ts';
import { Systems } from './systems.ts';
import { Random } from '../support/random.ts';

const run = promisify(execFile);

const CENTRE = 'chaos';
/** Short, so that every timer falls due many times in a run. */
const SECONDS = { offer: 2, decline: 2, prefer: 1, absence: 3, closure: 2, grace: 2, invitation: 2 };
const TIMES = {
  offerMs: SECONDS.offer * 1000,
  declineMs: SECONDS.decline * 1000,
  preferMs: SECONDS.prefer * 1000,
  absenceMs: SECONDS.absence * 1000,
  closureMs: SECONDS.closure * 1000,
  graceMs: SECONDS.grace * 1000,
  invitationMs: SECONDS.invitation * 1000,
};
/** Milliseconds from a fault's end until the service works again. */
const READY_WITHIN = 10_000;
const STAYS_READY = 300;
/** Milliseconds that bringing all to rest may take; a failure's patience, for a machine that others use up. */
const REST_WITHIN = 90_000;
const DISK = '400m';

export interface ChaosOptions {
  /** Ends after so many SIGKILLs … */
  kills: number;
  /** … or so many minutes, whichever comes first. */
  minutes: number;
  seed: number;
  tvs: number;
  agents: number;
  /** Histories are checked after so many kills, and in the end. */
  checkEvery: number;
  /** Instead of chosen ones: these faults, one after the other. */
  faults?: readonly Fault[];
  /** Ends it early; what was done is checked all the same. */
  enough?: AbortSignal;
  log: (line: string) => void;
}

export interface ChaosReport {
  seed: number;
  minutes: number;
  kills: number;
  faults: Record<Fault, number>;
  commands: number;
  acknowledged: number;
  refused: number;
  /** Times that a command was answered "say it again". */
  putOff: number;
  /** Events that clients heard. */
  heard: number;
  interactions: number;
  /** Events that the database holds. */
  events: number;
  connections: number;
  /** Requests by HTTP, and events that the webhook was sent, some of them twice. */
  systems: { asked: number; received: number };
  checks: number;
  recovery: {
    medianMs: number;
    slowestMs: number;
    /** Of which the service waited for a processor that others used. */
    slowestWaitedMs: number;
    slowest: string;
  };
  skipped: string[];
  violations: string[];
}

/** @throws Error when the service cannot be started at all */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  await clearLeftovers();
  const dataDir = await ownFolder();
  const ownDisk = await mountDisk(dataDir);
  let service: Service | null = null;
  try {
    service = await startService({
      DATA_DIR: dataDir,
      DEMO: 'off',
      LOG_LEVEL: 'error',
      CONNECT_RATE_PER_ADDRESS: '0',
      ALLOW_PRIVATE_WEBHOOKS: 'on',
      OFFER_SECONDS: String(SECONDS.offer),
      DECLINE_SECONDS: String(SECONDS.decline),
      PREFERENCE_SECONDS: String(SECONDS.prefer),
      ABSENCE_SECONDS: String(SECONDS.absence),
      CLOSURE_SECONDS: String(SECONDS.closure),
      AGENT_GRACE_SECONDS: String(SECONDS.grace),
      INVITATION_SECONDS: String(SECONDS.invitation),
    });
    return await new Chaos(options, service, dataDir, ownDisk).run();
  } finally {
    await service?.kill('SIGTERM');
    if (ownDisk) await run('umount', ['--lazy', dataDir]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** A disk of its own for the database, so that it can be full. @returns false where that is not allowed */
async function mountDisk(folder: string): Promise<boolean> {
  return await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder]).then(
    () => true,
    () => false,
  );
}

class Chaos {
  readonly #options: ChaosOptions;
  readonly #service: Service;
  readonly #dataDir: string;
  readonly #random: Random;
  readonly #proxy: Proxy;
  readonly #nemesis: Nemesis;
  readonly #tvs: TvPlayer[] = [];
  readonly #agents: AgentPlayer[] = [];
  #systems: Systems | null = null;
  readonly #recoveries: number[] = [];
  readonly #report: ChaosReport;
  readonly #began = Date.now();

  constructor(options: ChaosOptions, service: Service, dataDir: string, ownDisk: boolean) {
    this.#options = options;
    this.#service = service;
    this.#dataDir = dataDir;
    this.#random = new Random(options.seed);
    this.#proxy = new Proxy(() => service.port);
    this.#nemesis = new Nemesis({ random: this.#random.split(), service, proxy: this.#proxy, dataDir, ownDisk });
    this.#report = {
      seed: options.seed,
      minutes: 0,
      kills: 0,
      faults: Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>,
      commands: 0,
      acknowledged: 0,
      refused: 0,
      putOff: 0,
      heard: 0,
      interactions: 0,
      events: 0,
      connections: 0,
      systems: { asked: 0, received: 0 },
      checks: 0,
      recovery: { medianMs: 0, slowestMs: 0, slowestWaitedMs: 0, slowest: '' },
      skipped: ownDisk ? [] : ['fillDisk, killOnFullDisk: no disk of its own could be mounted for the database'],
      violations: [],
    };
    for (const skipped of this.#report.skipped) options.log(`skipped ${skipped}`);
  }

  async run(): Promise<ChaosReport> {
    const { kills, minutes, checkEvery, enough } = this.#options;
    const report = this.#report;
    const faults = this.#options.faults?.slice();
    await this.#people();
    this.#play();
    try {
      let checkedAt = 0;
      while (report.kills < kills && Date.now() - this.#began < minutes * 60_000 && !enough?.aborted) {
        await delay(this.#random.between(50, 600));
        const fault = faults === undefined ? this.#nemesis.choose() : faults.shift();
        if (fault === undefined) break;
        await this.#strike(fault);
        if (report.kills - checkedAt >= checkEvery) {
          checkedAt = report.kills;
          await this.#check();
          this.#play();
        }
      }
      await this.#check();
    } finally {
      for (const player of this.#players) player.close();
      await this.#systems?.close();
      this.#proxy.close();
    }
    return this.#summary();
  }

  get #players(): (TvPlayer | AgentPlayer)[] {
    return [...this.#tvs, ...this.#agents];
  }

  #play(): void {
    for (const player of this.#players) player.play();
    this.#systems?.play();
  }

  async #people(): Promise<void> {
    const url = `http://127.0.0.1:${await this.#proxy.listen()}`;
    const { tvs, agents } = this.#options;
    await this.#withDatabase(async (database) => {
      await createProvisioning(database).createCentre({ id: CENTRE, name: 'Chaos Help' });
      const registration = createRegistration({
        store: createRegistrationStore(database),
        clock: () => Date.now(),
        publicUrl: url,
      });
      for (let n = 1; n <= tvs; n += 1) {
        const credentials = await registration.provisionTv(CENTRE, { serial: `TV-${n}`, name: `TV ${n}` });
        this.#tvs.push(new TvPlayer(`tv${n}`, url, credentials, this.#random.split()));
      }
      const { rows } = await database.query<{ id: string; serial: string }>(
        'select id, serial from tvs order by serial',
      );
      this.#systems = await Systems.open(database, CENTRE, { url, tvs: rows, random: this.#random.split() });
      const tvIds = rows.map(({ id }) => id);
      for (let n = 1; n <= agents; n += 1) {
        const email = `agent${n}@chaos.example`;
        const { agentId } = await registration.addAgent(CENTRE, {
          name: `Agent ${n}`,
          email,
          password: 'keep calm and carry on',
          roles: ['agent'],
          skills: [],
          customersLookedAfter: [],
          capacity: 2,
        });
        const cookie = await signIn(this.#service.url, email, 'keep calm and carry on');
        this.#agents.push(new AgentPlayer(`agent${n}`, url, { agentId, cookie, tvIds }, this.#random.split()));
      }
    });
  }

  async #strike(fault: Fault): Promise<void> {
    const report = this.#report;
    const { pid } = this.#service;
    const struck = await this.#nemesis.strike(fault);
    report.faults[fault] += 1;
    report.kills += struck.kills;
    const waitedBefore = this.#service.pid === pid ? waitedForCpu(pid) : 0;
    const tookMs = await this.#ready(struck);
    // On a machine that others use up, how long it stood in the processor's queue is no matter of ours.
    const waitedMs = Math.min(tookMs, Math.max(0, waitedForCpu(this.#service.pid) - waitedBefore));
    this.#recoveries.push(tookMs);
    if (tookMs > report.recovery.slowestMs) {
      report.recovery = { ...report.recovery, slowestMs: tookMs, slowestWaitedMs: waitedMs, slowest: struck.words };
    }
    const how = `ready after ${tookMs} ms${waitedMs > 500 ? `, ${waitedMs} of them without a processor` : ''}`;
    this.#options.log(`${this.#clock()} ${String(report.kills).padStart(4)}  ${struck.words}; ${how}`);
    if (tookMs - waitedMs > READY_WITHIN) this.#violation(`Too late after ${struck.words}: ${how}.`);
  }

  /** @returns milliseconds from the fault's end until the service said that it is ready */
  async #ready({ endedAt, words }: Struck): Promise<number> {
    const service = this.#service;
    // What was just lost may answer for another moment: it is ready when it stays so.
    for (let since: number | null = null; ;) {
      if (!service.runs) {
        this.#violation(`The service ended by itself after: ${words}. It said:\n${service.output().slice(-3_000)}`);
        await service.restart();
      }
      const asked = Date.now();
      since = (await isReady(service.url)) ? (since ?? asked) : null;
      if (since !== null && Date.now() - since > STAYS_READY) return Math.max(0, since - endedAt);
      if (Date.now() - endedAt > 6 * READY_WITHIN) {
        throw new Error(`The service did not come back after: ${words}. It said:\n${service.output().slice(-3_000)}`);
      }
      await delay(20);
    }
  }

  /** Brings all to rest and holds what everybody heard against what is kept. */
  async #check(): Promise<void> {
    const players = this.#players;
    for (const player of players) player.rest();
    await this.#systems?.rest();
    const began = Date.now();
    while (players.some(({ settled }) => !settled) && Date.now() - began < REST_WITHIN) await delay(50);
    for (const { settled, online, history } of players) {
      if (!settled) this.#violation(`${history.who} ${online ? 'was never answered' : 'did not come back'}.`);
    }
    let ledger = await this.#ledger();
    // Read anew each time: a TV's check may end while a webhook is waited for.
    for (const until = Date.now() + REST_WITHIN; !this.#systems?.hasAll(ledger) && Date.now() < until;)
      ledger = await this.#ledger();
    const wrong = [
      ...(this.#systems?.check(ledger) ?? []),
      ...overdue(ledger, Date.now()),
      ...checkLedger(ledger, TIMES),
      ...this.#tvs.flatMap((tv) => [
        ...checkHistory(ledger, tv.history, tv.connector.state.registered?.tvId ?? ''),
        ...checkTv(ledger, tv),
      ]),
      ...this.#agents.flatMap((agent) => [
        ...checkHistory(ledger, agent.history, agent.agentId),
        ...checkAgent(ledger, agent),
      ]),
    ];
    for (const one of wrong) this.#violation(one);
    for (const { history } of players) history.forget();
    this.#systems?.forget();
    this.#report.checks += 1;
    this.#report.interactions = ledger.interactions.size;
    this.#report.events = [...ledger.interactions.values()].reduce((sum, { events }) => sum + events.length, 0);
    this.#options.log(
      `${this.#clock()} checked: ${this.#report.interactions} interactions, ${this.#report.events} events, ${wrong.length} violations`,
    );
  }

  /** What is kept, read at a moment from which on nobody has heard anything: a TV's check may end at any time. */
  async #ledger(): Promise<Ledger> {
    for (;;) {
      const { ledger, heardBefore } = await this.#withDatabase((database) => this.#quiet(database));
      if (this.#heard() === heardBefore) return ledger;
    }
  }

  /** Events and answers that all players have heard so far. */
  #heard(): number {
    return this.#players.reduce((sum, { history: { count } }) => {
      return sum + count.events + count.acknowledged + count.refused;
    }, 0);
  }

  /** Waits until every timer that is due has run and nothing changes any more. */
  async #quiet(database: Database): Promise<{ ledger: Ledger; heardBefore: number }> {
    const until = Date.now() + REST_WITHIN;
    // Long enough for every timer there is to fall due.
    await delay(Math.max(...Object.values(TIMES)) + 1_500);
    for (let before = ''; ;) {
      const ledger = await readLedger(database, CENTRE);
      const counts = [...ledger.interactions.values()].map(({ events }) => events.length).join();
      if ((counts === before && overdue(ledger, Date.now()).length === 0) || Date.now() > until) {
        // What was committed last is still on its way to the clients.
        await delay(300);
        const heardBefore = this.#heard();
        return { ledger: await readLedger(database, CENTRE), heardBefore };
      }
      before = counts;
      await delay(700);
    }
  }

  async #withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
    let url = await findRunningPostgres(this.#dataDir);
    for (const until = Date.now() + READY_WITHIN; url === null; url = await findRunningPostgres(this.#dataDir)) {
      if (Date.now() > until) throw new Error('The database of the service is not to be found.');
      await delay(100);
    }
    const database = openDatabase(url, { connections: 2 });
    try {
      return await work(database);
    } finally {
      await database.end();
    }
  }

  #violation(words: string): void {
    this.#report.violations.push(words);
    this.#options.log(`${this.#clock()} VIOLATION ${words}`);
  }

  #clock(): string {
    return `${((Date.now() - this.#began) / 1000).toFixed(1).padStart(7)} s`;
  }

  #summary(): ChaosReport {
    const report = this.#report;
    for (const { history } of this.#players) {
      report.commands += history.count.commands;
      report.acknowledged += history.count.acknowledged;
      report.refused += history.count.refused;
      report.putOff += history.count.putOff;
      report.heard += history.count.events;
      report.connections += history.count.connections;
    }
    report.systems = { ...(this.#systems?.count ?? report.systems) };
    const sorted = this.#recoveries.toSorted((a, b) => a - b);
    report.recovery.medianMs = sorted[Math.floor(sorted.length / 2)] ?? 0;
    report.minutes = Number(((Date.now() - this.#began) / 60_000).toFixed(2));
    return report;
  }
}
