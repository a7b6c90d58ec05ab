/**
 * `npm test`: every check, the browser apps' build, and all tests, with one summary. The last line
 * is `N passed, N failed, N skipped`, where each check counts as one test; the exit code is 0 only
 * when nothing failed. `npm test -- floors unit` runs those parts alone.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWeb } from '../web/build.ts';
import { CHECKS, root, runCheck, type Outcome } from './support/checks.ts';
import { provideChromium } from './support/chromium.ts';
import { provideMediaWorker } from './support/mediaWorker.ts';
import { provideSipTools } from './support/sip/tools.ts';

/** vitest's projects, in the groups that run at once: browser stories count seconds and want the machine alone. */
const GROUPS = [['unit', 'contract', 'database'], ['sip'], ['media'], ['browser']];
const PARTS = [...CHECKS.map(({ name }) => name), 'web', ...GROUPS.flat()];

// What is kept in a log is read without colours; every tool below heeds this.
if (!process.stdout.isTTY) process.env.NO_COLOR = '1';

const total = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no part called ${unknown.join(', ')}. The parts are: ${PARTS.join(', ')}.`);
  process.exit(2);
}
const wanted = (name: string) => chosen.length === 0 || chosen.includes(name);

// Two at a time: the linter takes as long as all the others.
const checks = CHECKS.filter(({ name }) => wanted(name));
await Promise.all([1, 2].map(takeChecks));

if (wanted('web') || wanted('browser')) {
  await count('web', async () => {
    await buildWeb(console.log);
    return { passed: true, complaint: '' };
  });
}
if (wanted('sip') || wanted('media')) await count('tools', () => provideSipTools(console.log));
if (wanted('media') || wanted('sip')) await count('media-worker', provideMediaWorker);
if (wanted('browser') || wanted('sip')) await count('chromium', () => provideChromium(console.log));
for (const group of GROUPS) await runTests(group.filter(wanted));

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((name) => `  ${name}`).join('\n')}`);
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);

async function takeChecks(): Promise<void> {
  for (let check = checks.shift(); check !== undefined; check = checks.shift()) {
    const mine = check;
    await count(mine.name, () => runCheck(mine));
  }
}

/** Runs one check, says how it went, and counts it. */
async function count(name: string, check: () => Promise<Outcome>): Promise<void> {
  const began = performance.now();
  const { passed, complaint } = await check().catch((error: Error) => ({ passed: false, complaint: error.message }));
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${passed ? '✓' : '✗'} ${name} (${seconds} s)${complaint === '' ? '' : `\n${complaint}`}`);
  total[passed ? 'passed' : 'failed']++;
  if (!passed) failures.push(name);
}

interface JsonReport {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** Runs vitest on some projects and counts what its report says, file by file and test by test. */
async function runTests(projects: string[]): Promise<void> {
  if (projects.length === 0) return;
  console.log(`\nTests: ${projects.join(', ')}`);
  const folder = await mkdtemp(join(tmpdir(), 'couchline-report-'));
  const path = join(folder, 'report.json');
  const failedBefore = total.failed;
  const selected = projects.flatMap((name) => ['--project', name]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`];
  const vitest = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...selected, ...reporters],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const code = await new Promise((done) => vitest.once('close', done));
  const report = await readFile(path, 'utf8').catch(() => '{"testResults":[]}');
  await rm(folder, { recursive: true, force: true });
  for (const file of (JSON.parse(report) as JsonReport).testResults) {
    for (const { fullName, status } of file.assertionResults) {
      const result = status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'skipped';
      total[result]++;
      if (result === 'failed') failures.push(`${file.name.replace(root, '')}: ${fullName}`);
    }
    // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
    const shown = file.assertionResults.some(({ status }) => status === 'failed');
    if (file.status === 'failed' && !shown) fail(`${file.name.replace(root, '')}: ${file.message.split('\n')[0]}`);
  }
  // An error outside of any test, or a run that was cut off.
  if (code !== 0 && total.failed === failedBefore) fail(`vitest ended with code ${code}`);
}

function fail(name: string): void {
  total.failed++;
  failures.push(name);
}
