/** Runs programs of this machine. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** So much of what a program said is kept: its last lines. */
const KEPT_LINES = 200;

export interface RunOptions {
  cwd?: string;
  /** Added to this process's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  timeoutMs?: number;
  /** Told each line as it comes. */
  onLine?: (line: string) => void;
}

/** @returns the exit code (null when the program did not run, or was ended) and the last lines that it said */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, env = {}, timeoutMs, onLine }: RunOptions = {},
): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine?.(line);
    });
  }
  return await new Promise((done) => {
    child.once('error', (error) => done({ code: null, lines: [error.message] }));
    child.once('close', (code) => done({ code, lines }));
  });
}
