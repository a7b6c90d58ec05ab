import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgresOptions } from '../../db/embedded.ts';

let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'couchline-embedded-'));
});

afterAll(async () => {
  await rm(dataDir, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}) {
  const said: string[] = [];
  const log = (message: string) => void said.push(message);
  return { said, ...(await startEmbeddedPostgres({ dataDir, durable: false, log, ...options })) };
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);
  } finally {
    await client.end();
  }
}

/** A whole process that starts the database and then only lives; resolves when the database is up. */
async function startElsewhere(): Promise<ChildProcess> {
  const script = `
    const { startEmbeddedPostgres } = await import('./db/embedded.ts');
    await startEmbeddedPostgres({ dataDir: process.argv[1], durable: false, log: () => {} });
    console.log('up');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

async function postmaster(): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The process that waits to shut Postgres down, found by the process number it was given. */
async function guardOf(pid: number): Promise<number> {
  const ps = spawn('sh', ['-c', `grep -lz 'kill -INT' /proc/[0-9]*/cmdline 2>/dev/null`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const paths = (await ps.stdout.setEncoding('utf8').toArray()).join('').trim().split('\n');
  for (const path of paths) {
    const words = (await readFile(path, 'utf8').catch(() => '')).split('\0');
    if (words.includes(String(pid))) return Number(path.split('/')[2]);
  }
  throw new Error(`No guard of ${pid} was found.`);
}

describe('the embedded Postgres', () => {
  it('creates its database at the first start only, and keeps what was written', async () => {
    const first = await start();
    expect(first.said).toEqual(['First start: creating the database, about 5 s.']);
    await ask(first.url, `create table rooms as select 'living room' as name`);
    await first.stop();

    const second = await start();
    expect(second.said).toEqual([]);
    expect(await ask(second.url, 'select name from rooms')).toEqual(['living room']);
    await second.stop();
  });

  it('writes to the disk before it says so, unless told that nothing is worth keeping', async () => {
    const kept = await start({ durable: true });
    expect(await ask(kept.url, 'show fsync')).toEqual(['on']);
    await kept.stop();
    const thrown = await start({ durable: false });
    expect(await ask(thrown.url, 'show fsync')).toEqual(['off']);
    await thrown.stop();
  });

  it('keeps its password to itself, and takes no other', async () => {
    const postgres = await start();
    expect((await stat(join(dataDir, 'postgres.password'))).mode & 0o777).toBe(0o600);
    const guessed = new URL(postgres.url);
    guessed.password = 'couchline';
    await expect(ask(guessed.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    await postgres.stop();
  });

  it('stops although somebody is connected, and stopping twice is harmless', async () => {
    let lost = false;
    const postgres = await start({ onLost: () => (lost = true) });
    const alice = new pg.Client({ connectionString: postgres.url });
    const cutOff = new Promise((done) => alice.on('error', done));
    await alice.connect();
    await postgres.stop();
    await postgres.stop();
    await cutOff;
    expect(lost).toBe(false);
  });

  it('[M4] tells when Postgres ends by itself, and starts it again in place', async () => {
    const lost: string[] = [];
    const postgres = await start({ onLost: ({ message }) => lost.push(message) });
    await ask(postgres.url, `create table if not exists rooms as select 'living room' as name`);
    process.kill(await postmaster(), 'SIGKILL');
    await expect.poll(() => ask(postgres.url, 'select name from rooms').catch(() => [])).toHaveLength(1);
    expect(lost).toEqual([expect.stringMatching(/was ended by SIGKILL and is started again/)]);
    await postgres.stop();
  });

  it('[M4] stopped while it is being started again, it is gone', async () => {
    let tell: () => void;
    const told = new Promise<void>((done) => (tell = done));
    const postgres = await start({ onLost: () => tell() });
    process.kill(await postmaster(), 'SIGKILL');
    await told;
    await postgres.stop();
    await expect(ask(postgres.url, 'select 1')).rejects.toThrow();
    const next = await start();
    expect(await ask(next.url, 'select 1')).toEqual([1]);
    await next.stop();
  });

  it('[M4] is still known to be in use after all its connections were lost', async () => {
    const postgres = await start();
    const others = `select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'`;
    expect(await ask(postgres.url, others)).toEqual([true]);
    const keepers = `select count(*)::int from pg_stat_activity where application_name = 'couchline keeper'`;
    await expect.poll(() => ask(postgres.url, keepers)).toEqual([1]);
    await expect(start()).rejects.toThrow(/Another Couchline is running/);
    await postgres.stop();
  });

  it('is left alone by a second start on the same folder, which says what to do', async () => {
    const postgres = await start();
    await expect(start()).rejects.toThrow(/Another Couchline is running on .*DATA_DIR/);
    expect(await ask(postgres.url, 'select 1')).toEqual([1]);
    await postgres.stop();
  });

  it('does not outlive a process that was killed', async () => {
    const child = await startElsewhere();
    child.kill('SIGKILL');
    // The file is the last that an orderly shutdown removes.
    const lock = () => stat(join(dataDir, 'postgres', 'postmaster.pid')).catch(() => null);
    await expect.poll(lock).toBeNull();
    const next = await start();
    expect(next.said).toEqual([]);
    await next.stop();
  });

  it.runIf(process.platform === 'linux')('is shut down by the next start when its guard was killed too', async () => {
    const child = await startElsewhere();
    const pid = await postmaster();
    process.kill(await guardOf(pid), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(lives(pid)).toBe(true);
    const next = await start();
    expect(next.said).toEqual(['Shutting down the database of a start that was cut off.']);
    expect(await ask(next.url, 'select 1')).toEqual([1]);
    await next.stop();
  });
});
