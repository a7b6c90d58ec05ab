/** The real service as a child process, as `npm start` runs it, on a free port and a database of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.ts';
import { takeAlong } from './takeAlong.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const READY = /Couchline is ready: (http:\/\/\S+)/;
/** Milliseconds. */
const READY_WITHIN = 90_000;
const GONE_WITHIN = 60_000;

export interface Service {
  /** `http://localhost:port`, without a slash at the end. */
  url: string;
  port: number;
  /** Of the process as it runs now. */
  pid: number;
  /** False once it has ended, by itself or by a signal. */
  runs: boolean;
  databaseUrl: string;
  /** All that was said so far, both streams. */
  output(): string;
  /** Asks it to drain (SIGTERM), waits, and removes the database. @returns the exit code; null when a signal ended it */
  stop(): Promise<number | null>;
  /** Sends a signal and waits for the end; the database stays, for `restart`. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Ends it, if it runs, and starts it again on the same port and database. */
  restart(): Promise<void>;
}

/**
 * Starts the service and waits until it is ready.
 * @param env settings of src/config.ts. Without DATABASE_URL it gets a fresh database of the tests'
 *   server; with DATA_DIR it runs a Postgres of its own instead
 * @throws Error with what the service said, when it ends or is silent instead of becoming ready
 */
export async function startService(env: Record<string, string> = {}): Promise<Service> {
  const fresh = 'DATABASE_URL' in env || 'DATA_DIR' in env ? null : await freshDatabase();
  // A port of the kernel's choice might be somebody else's by the time that `restart` wants it again.
  const port = String(await freePort());
  // Media are for those who ask for them: MEDIA_WORKERS, on ports that nobody else has.
  const media = { MEDIA_WORKERS: '0', MEDIA_PORT: '0' };
  const mine = { PORT: port, HOST: '127.0.0.1', DEMO: 'on', LOG_LEVEL: 'warn' };
  const settings: Record<string, string> = { ...mine, ...media, ...env };
  if (fresh !== null) settings.DATABASE_URL = fresh.url;

  let said = '';
  let child: ChildProcess;
  let ended: Promise<number | null>;
  const service: Service = {
    url: '',
    port: 0,
    pid: 0,
    runs: false,
    databaseUrl: settings.DATABASE_URL ?? '',
    output: () => said,
    async stop() {
      const code = await service.kill('SIGTERM');
      await fresh?.drop();
      return code;
    },
    async kill(signal) {
      child.kill(signal);
      const late = setTimeout(() => child.kill('SIGKILL'), GONE_WITHIN);
      const code = await ended;
      clearTimeout(late);
      return code;
    },
    async restart() {
      await service.kill('SIGTERM');
      await start();
    },
  };

  try {
    await start();
  } catch (error) {
    await fresh?.drop();
    throw error;
  }
  return service;

  async function start(): Promise<void> {
    // Nothing of this shell's own settings: a test is the same on every machine.
    const { PATH, HOME, TMPDIR } = process.env;
    const from = said.length;
    child = spawn(process.execPath, ['src/main.ts'], {
      cwd: root,
      env: { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE: 'node_modules/.cache/couchline/compile', ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const mine = child;
    service.pid = mine.pid ?? 0;
    service.runs = true;
    takeAlong(mine);
    ended = new Promise((done) => {
      mine.once('exit', (code) => {
        service.runs = false;
        done(code);
      });
    });
    await new Promise<void>((done, fail) => {
      const late = setTimeout(() => stop('was not ready in time'), READY_WITHIN);
      const stop = (what: string) => {
        clearTimeout(late);
        mine.kill('SIGKILL');
        fail(new Error(`The service ${what}. It said:\n${said.slice(from)}`));
      };
      mine.once('error', (error) => stop(`did not start: ${error.message}`));
      void ended.then((code) => stop(`ended with code ${code} before it was ready`));
      for (const stream of [mine.stdout, mine.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          const ready = READY.exec(said.slice(from));
          if (ready?.[1] === undefined) return;
          clearTimeout(late);
          service.url = ready[1].replace(/\/$/, '');
          service.port = Number(new URL(service.url).port);
          done();
        });
      }
    });
  }
}

/** Loaded only where it is needed: outside of vitest (the smoke stories) there is no tests' server. */
async function freshDatabase() {
  return await (await import('./postgres.ts')).freshDatabase();
}
