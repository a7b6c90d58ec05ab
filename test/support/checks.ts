/** What is checked without running anything of the product. Each counts as one test in the summary. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Check {
  name: string;
  /** A command of node_modules/.bin, or of this machine. */
  command: [program: string, ...args: string[]];
  /** Of the lines that are complaints, those that count; all of them by default. */
  counts?: RegExp;
}

const FOLDERS = ['src', 'sip', 'media', 'db', 'web', 'test'];

export const CHECKS: Check[] = [
  { name: 'lint', command: ['eslint', '.', '--max-warnings', '0'] },
  { name: 'types', command: ['tsc', '-p', '.', '--pretty', 'false'] },
  {
    name: 'tv-types',
    command: ['tsc', '-p', 'web/tsconfig.tv.json', '--pretty', 'false'],
    // Files of the domain are in sight for their types alone and never reach a TV.
    counts: /^(web|src\/protocol)\//,
  },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'floors', command: ['depcruise', ...FOLDERS, '--config', '.dependency-cruiser.js'] },
  { name: 'tv-floors', command: ['depcruise', 'web', '--config', '.dependency-cruiser.tv.js'] },
  { name: 'unused', command: ['knip', '--no-progress', '--treat-config-hints-as-errors'] },
];

export interface Outcome {
  passed: boolean;
  /** What was complained of; empty when it passed. */
  complaint: string;
}

/** Runs a check. A command that cannot be run has failed. */
export async function runCheck({ command: [program, ...args], counts }: Check): Promise<Outcome> {
  const { code, output } = await run(program, args);
  if (code === 0) return { passed: true, complaint: '' };
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const counted = counts === undefined ? lines : lines.filter((line) => counts.test(line));
  // A tool that fails without a complaint of its own kind is broken, not content.
  const others = counts === undefined ? [] : lines.filter((line) => !/^\S+\(\d+,\d+\): error|^ /.test(line));
  const complaint = [...counted, ...others].join('\n');
  return { passed: counts !== undefined && complaint === '', complaint };
}

/** Runs a program in the project's folder. @returns its exit code (null when it did not run) and all it said */
export async function run(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; output: string }> {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env, PATH: `${root}node_modules/.bin:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  return await new Promise((done) => {
    child.once('error', (error) => done({ code: null, output: error.message }));
    child.once('close', (code) => done({ code, output }));
  });
}
