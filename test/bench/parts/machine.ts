/** The machine as a benchmark sees it: processes on cores of their own, their CPU time and memory. Linux only. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** Of `/proc/PID/stat`; Linux has counted in hundredths for every program since ever. */
const TICKS_A_SECOND = 100;

/** Where the server stands, and where the load does. */
export const SERVER_CORE = 0;
const LOAD_CORE = 1;

/** Whether server and load can have a core each. */
export const canPin = availableParallelism() > 1 && has('taskset');

export interface Program {
  pid: number;
  /** What matched, as the program said it. */
  said: RegExpExecArray;
  /** Asks it to end, and waits. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;

/**
 * Starts a Node program on the server's core and waits until it says that it is ready.
 * @throws Error with what it said, when it does not
 */
export async function startOnServerCore(args: string[], env: Record<string, string>, ready: RegExp): Promise<Program> {
  const { PATH, HOME, TMPDIR } = process.env;
  const [program, ...rest] = [...(canPin ? ['taskset', '-c', String(SERVER_CORE)] : []), process.execPath, ...args];
  const child = spawn(program as string, rest, {
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const takeAlong = () => child.kill('SIGKILL');
  process.once('exit', takeAlong);
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  const said = await match(child, ready).catch((error: unknown) => {
    takeAlong();
    throw error;
  });
  return {
    pid: child.pid as number,
    said,
    async stop() {
      child.kill('SIGTERM');
      await gone;
      process.off('exit', takeAlong);
    },
  };
}

async function match(child: ChildProcess, ready: RegExp): Promise<RegExpExecArray> {
  return await new Promise((resolve, reject) => {
    let said = '';
    const fail = (how: string) => reject(new Error(`A program ${how}. It said:\n${said}`));
    const late = setTimeout(() => fail('was not ready in time'), READY_WITHIN_MS);
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('exit', (code) => fail(`ended with code ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      // Read to the end, ready or not: a pipe that nobody reads fills up and stops the program.
      stream?.setEncoding('utf8').on('data', (text: string) => {
        if (said.length > 20_000) return;
        said += text;
        const found = ready.exec(said);
        if (found === null) return;
        clearTimeout(late);
        resolve(found);
      });
    }
  });
}

/** Moves this process, all its threads and whatever it starts from now on to the load's core. */
export function moveToLoadCore(): void {
  if (canPin) execFileSync('taskset', ['-acp', String(LOAD_CORE), String(process.pid)], { stdio: 'ignore' });
}

/** Moves a process that was started from here to the server's core. */
export function moveToServerCore(pid: number): void {
  if (canPin) execFileSync('taskset', ['-acp', String(SERVER_CORE), String(pid)], { stdio: 'ignore' });
}

/** Seconds of CPU that a process has used, in itself and in the kernel for it. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, which may hold anything, stands in brackets before the rest.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

/**
 * The same to the nanosecond, for what spends little: of the threads that live, by what the scheduler says of them
 * (`/proc/PID/task/TID/schedstat`, in its first field).
 */
export function threadsCpuSeconds(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce((sum, task) => {
    const [nanoseconds] = readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ');
    return sum + Number(nanoseconds) / 1e9;
  }, 0);
}

/** Bytes of memory that a process holds. */
export function residentBytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** "2 × Intel Xeon, 24 GB, Linux 6.1, Node 24.21" */
export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 1e9);
  const node = process.versions.node.split('.').slice(0, 2).join('.');
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${memory} GB, Linux ${release()}, Node ${node}`;
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
