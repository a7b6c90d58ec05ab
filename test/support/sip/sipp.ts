/** SIPp (Debian's sip-tester), the load generator and protocol tester, as one run of one scenario. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort, hears } from '../ports.ts';
import type { Address, Transport } from './peer.ts';

export interface SippOptions {
  /** A scenario that SIPp brings ("uac", "uas"), or a file of test/sip/scenarios without its ending. */
  scenario: string;
  /** Where it calls; a scenario that waits for calls has none. */
  to?: Address;
  transport?: Transport;
  calls?: number;
  /** Calls begun per second. */
  rate?: number;
  /** Further arguments, such as `-au`, `-ap` and `-key`. */
  more?: string[];
  /** Seconds for all calls. */
  within?: number;
  /** What it is started by, such as `taskset -c 0`. */
  by?: string[];
}

export interface SippResult {
  successful: number;
  failed: number;
  retransmissions: number;
  /** What SIPp complained of, in its own words. */
  errors: string;
}

export interface RunningSipp extends Address {
  /** Its end, when all calls are done or the time is up. */
  result: Promise<SippResult>;
  /** The process, for those that measure it. */
  pid: number;
  stop(): void;
}

const scenarios = fileURLToPath(new URL('../../sip/scenarios', import.meta.url));
/** Milliseconds. */
const PATIENCE = '60000';
const BUILT_IN = ['uac', 'uas', 'uac_pcap', 'regexp', 'branchc', 'branchs'];

/** Starts SIPp; it hears when this resolves. */
export async function startSipp(options: SippOptions): Promise<RunningSipp> {
  const { scenario, to, transport = 'udp', calls = 1, rate = 10, more = [], within = 50, by = [] } = options;
  const folder = await mkdtemp(join(tmpdir(), 'couchline-sipp-'));
  const port = await freePort();
  const [errors, statistics] = [join(folder, 'errors'), join(folder, 'statistics')];
  const [program = 'sipp', ...before] = [...by, 'sipp'];
  const child = spawn(
    program,
    [
      ...before,
      ...(to === undefined ? [] : [`${to.host}:${to.port}`]),
      ...(BUILT_IN.includes(scenario) ? ['-sn', scenario] : ['-sf', join(scenarios, `${scenario}.xml`)]),
      ...['-i', '127.0.0.1', '-p', String(port), '-t', transport === 'tcp' ? 't1' : 'u1', '-m', String(calls)],
      ...['-r', String(rate), '-timeout', `${within}s`, '-timeout_error', '-nostdin', '-skip_rlimit'],
      // Else it complains, as of an error, when a busy machine leaves it without a processor for half a second.
      ...['-watchdog_minor_threshold', PATIENCE, '-watchdog_major_threshold', PATIENCE],
      ...['-trace_err', '-error_file', errors, '-trace_stat', '-stf', statistics, '-fd', '1', ...more],
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  let running = true;
  const result = once(child, 'close').then(async ([code]) => {
    running = false;
    const said = await readFile(errors, 'utf8').catch(() => '');
    const figures = await readFile(statistics, 'utf8').catch(() => '');
    await rm(folder, { recursive: true, force: true });
    return { ...counted(figures), errors: said || (code === 0 ? '' : `sipp ended with ${code}`) };
  });
  while (running && !(await hears(port, transport))) await pause(20);
  return { host: '127.0.0.1', port, result, pid: child.pid ?? 0, stop: () => child.kill('SIGKILL') };
}

/** Runs SIPp to its end. */
export async function sipp(options: SippOptions): Promise<SippResult> {
  return (await startSipp(options)).result;
}

/** The last line of SIPp's statistics under its headings. */
function counted(csv: string): Pick<SippResult, 'successful' | 'failed' | 'retransmissions'> {
  const lines = csv.trim().split('\n');
  const names = (lines[0] ?? '').split(';');
  const values = (lines.at(-1) ?? '').split(';');
  const figure = (name: string) => Number(values[names.indexOf(name)] ?? Number.NaN);
  return {
    successful: figure('SuccessfulCall(C)'),
    failed: figure('FailedCall(C)'),
    retransmissions: figure('Retransmissions(C)'),
  };
}
