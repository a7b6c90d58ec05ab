/** What goes wrong on purpose: one fault at a time, or two at once, chosen by a seed. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Service } from '../support/service.ts';
import type { Proxy } from './proxy.ts';
import type { Random } from '../support/random.ts';

const run = promisify(execFile);

export interface NemesisParts {
  random: Random;
  service: Service;
  proxy: Proxy;
  dataDir: string;
  /** Whether the data folder has a disk of its own, which may be filled. */
  ownDisk: boolean;
}

export const FAULTS = [
  'killServer',
  'killPostgres',
  'killBackend',
  'killBoth',
  'restartPostgres',
  'endBackend',
  'pauseServer',
  'pauseBackends',
  'cut',
  'halfOpen',
  'stall',
  'slow',
  'fillDisk',
  'killOnFullDisk',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface Struck {
  fault: Fault;
  /** SIGKILLs that it took. */
  kills: number;
  /** For the log. */
  words: string;
  /** When it was over, and the service could begin to recover, milliseconds since the epoch. */
  endedAt: number;
}

export class Nemesis {
  readonly #parts: NemesisParts;

  constructor(parts: NemesisParts) {
    this.#parts = parts;
  }

  /** Chooses a fault; kills are what comes most. */
  choose(): Fault {
    return this.#parts.random.weighted([
      [4, 'killServer'],
      [5, 'killPostgres'],
      [7, 'killBackend'],
      [1, 'killBoth'],
      [0.7, 'restartPostgres'],
      [0.7, 'endBackend'],
      [0.5, 'pauseServer'],
      [0.5, 'pauseBackends'],
      [1, 'cut'],
      [0.4, 'halfOpen'],
      [0.4, 'stall'],
      [0.4, 'slow'],
      [this.#parts.ownDisk ? 0.5 : 0, 'fillDisk'],
      [this.#parts.ownDisk ? 0.4 : 0, 'killOnFullDisk'],
    ] as const);
  }

  /** Does it, and resolves when the fault is over. */
  async strike(fault: Fault): Promise<Struck> {
    const { random, service, proxy } = this.#parts;
    const some = random.chance(0.3) ? 1 : random.between(0.1, 0.7);
    const hit = () => random.chance(some);
    const ms = Math.round(random.between(200, random.chance(0.2) ? 5_000 : 1_200));
    const over = (kills: number, words: string, endedAt = Date.now()): Struck => ({ fault, kills, words, endedAt });
    switch (fault) {
      case 'killServer':
        return over(1, 'SIGKILL to the server', await this.#killServer());
      case 'killPostgres':
        return over(signal([this.#postmaster()], 'SIGKILL'), 'SIGKILL to the postmaster');
      case 'killBackend': {
        const backend = this.#backend();
        return over(signal([backend.pid], 'SIGKILL'), `SIGKILL to ${backend.title}`);
      }
      case 'killBoth': {
        const kills = signal([this.#postmaster()], 'SIGKILL');
        await delay(random.between(0, 300));
        const endedAt = await this.#killServer();
        return over(kills + 1, 'SIGKILL to the postmaster, then to the server', endedAt);
      }
      case 'restartPostgres':
        signal([this.#postmaster()], 'SIGINT');
        return over(0, 'orderly end of Postgres');
      case 'endBackend': {
        const backend = this.#backend();
        signal([backend.pid], 'SIGTERM');
        return over(0, `SIGTERM to ${backend.title}`);
      }
      case 'pauseServer':
        await paused([service.pid], ms);
        return over(0, `server paused for ${ms} ms`);
      case 'pauseBackends': {
        const backends = this.#backends().filter(hit);
        await paused(
          backends.map(({ pid }) => pid),
          ms,
        );
        return over(0, `${backends.length} backends paused for ${ms} ms`);
      }
      case 'cut':
        return over(0, `${proxy.cut(hit)} connections cut`);
      case 'halfOpen': {
        const side = random.of(['client', 'service'] as const);
        return over(0, `${await proxy.halfOpen(hit, side, ms)} connections half open (${side} gone) for ${ms} ms`);
      }
      case 'stall':
        return over(0, `${await proxy.stall(hit, ms)} connections stalled for ${ms} ms`);
      case 'slow':
        await proxy.slow(80, ms);
        return over(0, `80 ms of latency for ${ms} ms`);
      case 'fillDisk':
        return over(0, `disk full for ${ms} ms, ${await this.#fillDisk(() => delay(ms))} bytes left`);
      case 'killOnFullDisk': {
        let kills = 0;
        const left = await this.#fillDisk(async () => {
          await delay(ms / 2);
          kills = signal([this.#postmaster()], 'SIGKILL');
          await delay(ms / 2);
        });
        return over(kills, `SIGKILL to the postmaster while the disk is full for ${ms} ms, ${left} bytes left`);
      }
    }
  }

  /** @returns when it was dead */
  async #killServer(): Promise<number> {
    const { service } = this.#parts;
    await service.kill('SIGKILL');
    const endedAt = Date.now();
    await service.restart();
    return endedAt;
  }

  /** @returns the bytes that were left */
  async #fillDisk(meanwhile: () => Promise<unknown>): Promise<number> {
    const { dataDir } = this.#parts;
    const filler = join(dataDir, 'filler');
    const { bavail, bsize } = await statfs(dataDir);
    await run('fallocate', ['-l', String(Math.max(0, bavail - 64) * bsize), filler]);
    // The last pages one by one, for Postgres takes some meanwhile.
    await run('dd', ['if=/dev/zero', `of=${filler}.rest`, `bs=${bsize}`]).catch(() => {});
    const left = await statfs(dataDir);
    await meanwhile();
    await Promise.all([filler, `${filler}.rest`].map((file) => rm(file, { force: true })));
    return left.bavail * left.bsize;
  }

  #postmaster(): number {
    return Number(readFileSync(join(this.#parts.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** One that serves a client, or any other process of Postgres where there is none. */
  #backend(): { pid: number; title: string } {
    const all = this.#backends();
    const serving = all.filter(({ title }) => title.includes('couchline'));
    return this.#parts.random.of(serving.length > 0 && this.#parts.random.chance(0.85) ? serving : all);
  }

  /** The postmaster's children. */
  #backends(): { pid: number; title: string }[] {
    const parent = this.#postmaster();
    return readdirSync('/proc').flatMap((name) => {
      const pid = Number(name);
      if (!Number.isInteger(pid)) return [];
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        if (ppid !== parent) return [];
        const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return [{ pid, title: title.replace(/ 127\.0\.0\.1\(\d+\)/, '') }];
      } catch {
        // Gone meanwhile.
        return [];
      }
    });
  }
}

async function paused(pids: number[], ms: number): Promise<void> {
  signal(pids, 'SIGSTOP');
  await delay(ms);
  signal(pids, 'SIGCONT');
}

/** @returns how many were there to hear it */
function signal(pids: number[], name: NodeJS.Signals): number {
  return pids.filter((pid) => {
    try {
      // 0 would be our own process group.
      return pid > 0 && process.kill(pid, name);
    } catch {
      return false;
    }
  }).length;
}
